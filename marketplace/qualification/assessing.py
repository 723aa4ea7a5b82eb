"""What the framework team does with an application, and what the clock does."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.calendar import day_of
from marketplace.database import changed, db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from marketplace.qualification import mails
from marketplace.qualification.actions import close_correction, tell_decision
from marketplace.qualification.clocks import working_days_after
from marketplace.qualification.held.actions import grant
from marketplace.qualification.lifecycle import (
    APPLICATION,
    CLAIM,
    QUALIFY,
    REQUEST_CORRECTION,
    RETURN,
    SAY_NOT_YET,
    TAKE_OVER,
)
from marketplace.qualification.models import WITH_ASSESSORS, Application, Correction
from marketplace.qualification.outcomes import Part, questions_for
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.policies import policy_on
from marketplace.qualification.queries import application_for
from marketplace.questions.asking import asked


def claim(application_id: UUID, by: Acting) -> Application:
    """Take an application out of the queue to assess it, or over from a colleague."""
    application = application_for(application_id, by, lock=True)
    check(by, QualificationPermission.ASSESS, application)
    if application.assessor_id == by.person_id and application.state == CLAIM.to:
        return application
    step = TAKE_OVER if application.state in TAKE_OVER.frm else CLAIM
    APPLICATION.take(step, application, by, {"assessor_id": by.person_id})
    return application


def request_correction(
    application_id: UUID, question_ids: Collection[UUID], why: str, by: Acting
) -> Application:
    """Ask the applicant to answer these questions again; the clock pauses meanwhile.

    Raises Refusal where none of the application's questions is named.
    """
    application = _assessed(application_id, by)
    known = [each.id for each in questions_asked(application) if each.id in question_ids]
    if not known:
        raise Refusal(_("Select at least one question to be answered again."))
    today = clock.today()
    application.corrections.append(
        Correction(
            id=new_id(),
            requested_at=clock.now(),
            requested_by_id=by.person_id,
            question_ids=[str(each) for each in known],
            why=why,
            until=working_days_after(today, policy_on(today).correction_days),
        )
    )
    APPLICATION.take(REQUEST_CORRECTION, application, by)
    mails.tell_applicants(
        application.organisation_id,
        "correction",
        application.id,
        application_id=str(application.id),
    )
    return application


def questions_asked(application: Application) -> list:
    """Every question that this applicant was asked, in order."""
    both, given = questions_for(application), application.given
    return [each for part in Part for each in asked(both[part], given)]


def decide_application(application_id: UUID, reasons: str | None, by: Acting) -> Application:
    """Qualify the applicant, or say "not yet" with reasons; the applicant is told either way.

    Raises Refusal where somebody else assesses it.
    """
    application = _assessed(application_id, by)
    facts = {"decided_at": clock.now(), "decided_by_id": by.person_id}
    if reasons is None:
        APPLICATION.take(QUALIFY, application, by, facts)
        grant(application)
    else:
        application.reasons = reasons
        APPLICATION.take(SAY_NOT_YET, application, by, facts)
    tell_decision(application)
    return application


def end_correction(application_id: UUID) -> None:
    """The window has ended: the application is assessed as it stands."""
    application = _by_system(application_id)
    APPLICATION.expect(RETURN, application)
    correction = application.open_correction
    if correction is None or day_of(clock.judged_now()) <= correction.until:
        raise Refusal(_("The time to correct has not ended yet."))
    APPLICATION.take(RETURN, application, None, close_correction(application, ran_out=True))
    mails.tell_applicants(
        application.organisation_id,
        "correction_ended",
        application.id,
        application_id=str(application.id),
    )


def escalate(application_id: UUID) -> bool:
    """Tell every framework manager once that an application has waited too long."""
    claimed = (
        update(Application)
        .where(
            Application.id == application_id,
            Application.escalated_at.is_(None),
            Application.state.in_(WITH_ASSESSORS),
            Application.escalate_on <= clock.today(),
        )
        .values(escalated_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if changed(claimed) == 0:
        return False
    application = db.session.get_one(Application, application_id)
    audit.record("application:escalate", subject=application, by=None)
    mails.tell_framework_team("escalated", application_id, application_id=str(application_id))
    return True


def _assessed(application_id: UUID, by: Acting) -> Application:
    """The application, locked, where this person assesses it."""
    application = application_for(application_id, by, lock=True)
    check(by, QualificationPermission.ASSESS, application)
    APPLICATION.expect(QUALIFY, application)
    if application.assessor_id != by.person_id:
        raise Refusal(
            _("Somebody else assesses this application. Take it over first, if they agree.")
        )
    return application


def _by_system(application_id: UUID) -> Application:
    found = db.session.get(Application, application_id, with_for_update=True)
    if found is None:
        raise NotYours(application_id)
    return found
