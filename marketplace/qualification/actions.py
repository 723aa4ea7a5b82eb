"""What an applicant does: begin, answer, have signed off, submit, correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.calendar import day_of
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.overtaken import Overtaken, fingerprint
from marketplace.permissions import NotYours, check
from marketplace.qualification import answering, mails
from marketplace.qualification.clocks import resumed, working_days_after
from marketplace.qualification.held.actions import grant, must_be_read
from marketplace.qualification.held.queries import open_notices_of
from marketplace.qualification.lifecycle import (
    APPLICATION,
    QUALIFY_BY_CHECKS,
    RESUBMIT,
    SUBMIT,
)
from marketplace.qualification.models import (
    Application,
    ApplicationAnswer,
    ApplicationState,
    QualificationState,
)
from marketplace.qualification.outcomes import Part, questions_for, result_of
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.policies import policy_on
from marketplace.qualification.queries import (
    application_for,
    held_by,
    held_codes,
    newest_of,
    running_applications,
)
from marketplace.questions.models import Question
from marketplace.questions.queries import set_for_category, set_in_force
from marketplace.questions.vocabulary import QUALIFICATION as PURPOSE


def begin_applications(category_codes: Sequence[str], by: Acting) -> list[Application]:
    """Start an application for each of these categories, prefilled from earlier ones.

    One that is running already is returned as it stands, so that two people who press at once
    begin one. Raises Refusal where a category is already held, suspended or under notice.
    """
    check(by, QualificationPermission.APPLY)
    lock_organisation(by.organisation_id)
    _check_not_under_question(category_codes, by)
    if held_codes(by.organisation_id) & set(category_codes):
        raise Refusal(_("You are already qualified for one of these. Choose the others only."))
    running = {each.category_code: each for each in running_applications(by.organisation_id)}
    common = newest_of(by.organisation_id)
    return [running.get(code) or _begin(code, common, by) for code in dict.fromkeys(category_codes)]


def _check_not_under_question(category_codes: Sequence[str], by: Acting) -> None:
    chosen = [each for each in held_by(by.organisation_id) if each.category_code in category_codes]
    if any(each.state is QualificationState.SUSPENDED for each in chosen):
        raise Refusal(
            _(
                "One of these is suspended, so you cannot apply for it now. Its page says until "
                "when. Choose the others only."
            )
        )
    if open_notices_of([each.id for each in chosen]):
        raise Refusal(
            _(
                "The national framework team may remove one of these and has not decided yet, so "
                "you cannot apply for it now. Answer the notice first."
            )
        )


def _begin(code: str, common: Application | None, by: Acting) -> Application:
    today = clock.today()
    application = Application(
        id=new_id(),
        organisation_id=by.organisation_id,
        category_code=code,
        set_id=set_in_force(PURPOSE, today).id,
        category_set_id=set_for_category(code, today).id,
        state=ApplicationState.DRAFT,
        created_at=clock.now(),
        created_by_id=by.person_id,
    )
    answering.prefill(application, common, newest_of(by.organisation_id, code))
    db.session.add(application)
    db.session.flush()
    audit.record("application:begin", subject=application, by=by)
    return application


def save_answers(
    application_id: UUID, part: Part, answers: Mapping[UUID, str], seen: str, by: Acting
) -> Application:
    """Keep the answers of one page of a draft; an empty one takes the old one away.

    What is asked once of an organisation is kept in all its drafts. `seen` is the fingerprint of
    what the editor was shown. Raises Overtaken where the page holds something else by now.
    """
    application = _locked_draft(application_id, by)
    questions = questions_for(application)[part]
    _expect_unchanged(application, questions, seen)
    changed = answering.put(application, questions, answers, by)
    if changed and part is Part.COMMON:
        answering.share(application, questions, answers, by)
    if changed:
        audit.record("application:answer", subject=application, by=by, fields=sorted(changed))
    return application


def discard(application_id: UUID, by: Acting) -> None:
    """Take a draft away, with its answers."""
    application = _locked_draft(application_id, by)
    audit.record("application:discard", subject=application, by=by)
    copied = ApplicationAnswer.source_id == application.id
    db.session.execute(update(ApplicationAnswer).where(copied).values(source_id=None))
    db.session.delete(application)


def ask_sign_off(application_id: UUID, by: Acting) -> Application:
    """Tell the trustees that an application is ready for them."""
    application = _locked_draft(application_id, by)
    _expect_complete(application)
    application.sign_off_asked_at, application.sent_back = clock.now(), None
    audit.record("application:ask_sign_off", subject=application, by=by)
    mails.tell_trustees(
        application.organisation_id, "sign_off", application.id, application_id=str(application.id)
    )
    return application


def sign_off(application_id: UUID, seen: str, by: Acting) -> Application:
    """A trustee approves the answers as they were shown; any later change takes it away.

    Raises Overtaken where somebody changed an answer in between.
    """
    application = _locked_draft(application_id, by, QualificationPermission.SIGN_OFF)
    _expect_complete(application)
    both = questions_for(application)
    _expect_unchanged(application, [*both[Part.COMMON], *both[Part.CATEGORY]], seen)
    application.signed_off_at, application.signed_off_by_id = clock.now(), by.person_id
    application.sent_back = None
    audit.record("application:sign_off", subject=application, by=by)
    mails.tell_applicants(
        application.organisation_id,
        "signed_off",
        application.id,
        application_id=str(application.id),
    )
    return application


def send_back(application_id: UUID, comment: str, by: Acting) -> Application:
    """A trustee does not approve, and says what should change."""
    application = _locked_draft(application_id, by, QualificationPermission.SIGN_OFF)
    application.sent_back = comment
    application.sign_off_asked_at = None
    application.signed_off_at = application.signed_off_by_id = None
    audit.record("application:send_back", subject=application, by=by)
    mails.tell_applicants(
        application.organisation_id, "sent_back", application.id, application_id=str(application.id)
    )
    return application


def set_sign_off(wanted: bool, by: Acting) -> None:
    """Whether a trustee signs off every application of the organisation before it is submitted."""
    check(by, QualificationPermission.SIGN_OFF)
    organisation = lock_organisation(by.organisation_id)
    if organisation.wants_sign_off != wanted:
        organisation.wants_sign_off = wanted
        audit.record("organisation:changed", subject=organisation, by=by, fields=["wants_sign_off"])


def submit_application(application_id: UUID, by: Acting) -> Application:
    """Hand the application in: decided at once where every check passes, else put in the queue."""
    lock_organisation(by.organisation_id)
    application = application_for(application_id, by, lock=True)
    today = clock.today()
    policy = policy_on(today)
    facts = {
        "submitted_at": clock.now(),
        "submitted_by_id": by.person_id,
        "policy_version": policy.version,
        "due_on": working_days_after(today, policy.decision_days),
        "escalate_on": working_days_after(today, policy.escalation_days),
    }
    APPLICATION.take(SUBMIT, application, by, facts)
    if result_of(application).automatic and not must_be_read(application):
        APPLICATION.take(QUALIFY_BY_CHECKS, application, None, {"decided_at": clock.now()})
        grant(application)
        tell_decision(application)
    else:
        mails.tell_framework_team("submitted", application.id, application_id=str(application.id))
    return application


def save_correction(
    application_id: UUID, answers: Mapping[UUID, str], seen: str, by: Acting
) -> Application:
    """Answer the questions that the assessor asked about, and no others, before the window ends."""
    application, asked = _correcting(application_id, by)
    _expect_unchanged(application, asked, seen)
    changed = answering.put(application, asked, answers, by)
    if changed:
        audit.record("application:correct", subject=application, by=by, fields=sorted(changed))
    return application


def changeable_questions(
    application_id: UUID, question_id: UUID, by: Acting
) -> tuple[Application, Question]:
    """The application, locked, and one of its questions that this person may answer now.

    Raises Refusal where it may not be changed, and NotYours where it has no such question.
    """
    lock_organisation(by.organisation_id)
    application = application_for(application_id, by, lock=True)
    if application.state is ApplicationState.CORRECTION_REQUESTED:
        application, asked = _correcting(application_id, by)
    else:
        application = _locked_draft(application_id, by)
        asked = [each for questions in questions_for(application).values() for each in questions]
    for question in asked:
        if question.id == question_id:
            return application, question
    raise NotYours(question_id)


def resubmit(application_id: UUID, by: Acting) -> Application:
    """Hand the correction in; the clock runs on with the days that were left."""
    application, _asked = _correcting(application_id, by)
    check(by, QualificationPermission.SUBMIT, application)
    APPLICATION.take(RESUBMIT, application, by, close_correction(application, ran_out=False))
    assert application.assessor_id is not None, "only an assessor asks for a correction"
    mails.tell_person(
        application.assessor_id, "resubmitted", application.id, application_id=str(application.id)
    )
    return application


def close_correction(application: Application, *, ran_out: bool) -> dict[str, object]:
    """Close what is to be corrected; returns the clock's days after the pause."""
    correction = application.open_correction
    assert correction is not None, "there is a correction in this state"
    assert application.due_on and application.escalate_on, "what was submitted has a clock"
    correction.closed_at, correction.ran_out = clock.now(), ran_out
    paused_on = day_of(correction.requested_at)
    until = correction.until if ran_out else clock.today()
    return {
        "due_on": resumed(application.due_on, paused_on, until),
        "escalate_on": resumed(application.escalate_on, paused_on, until),
    }


def tell_decision(application: Application) -> None:
    """Tell the applicant's people of the decision."""
    mails.tell_applicants(
        application.organisation_id,
        "decided",
        application.id,
        application_id=str(application.id),
        state=application.state,
    )


def lock_organisation(organisation_id: UUID) -> Organisation:
    """Lock the organisation first: what its drafts share is written by one person at a time."""
    return db.session.scalars(
        select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    ).one()


def _locked_draft(
    application_id: UUID,
    by: Acting,
    permission: QualificationPermission = QualificationPermission.APPLY,
) -> Application:
    lock_organisation(by.organisation_id)
    application = application_for(application_id, by, lock=True)
    check(by, permission, application)
    if application.state is not ApplicationState.DRAFT:
        raise Refusal(_("This application has been submitted and can no longer be changed."))
    return application


def _correcting(application_id: UUID, by: Acting) -> tuple[Application, list[Question]]:
    application = application_for(application_id, by, lock=True)
    check(by, QualificationPermission.APPLY, application)
    APPLICATION.expect(RESUBMIT, application)
    correction = application.open_correction
    if correction is None or day_of(clock.judged_now()) > correction.until:
        raise Refusal(_("The time to correct has ended. The application is assessed as it stands."))
    both = questions_for(application)
    asked = set(correction.question_ids)
    return application, [each for part in Part for each in both[part] if str(each.id) in asked]


def _expect_unchanged(application: Application, asked: Sequence[Question], seen: str) -> None:
    if fingerprint(answering.on_page(application, asked)) != seen:
        raise Overtaken()


def _expect_complete(application: Application) -> None:
    if left := result_of(application).missing:
        asked = "; ".join(each.label for each in left)
        raise Refusal(_("Finish these first: %(asked)s", asked=asked))
