"""Applying, submitting and deciding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import exists, select

from marketplace import audit, clock, outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Acting, Role
from marketplace.calendar import ENGLAND_AND_WALES, add_working_days, day_of
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from marketplace.qualification.lifecycle import APPLICATION, QUALIFY, SAY_NOT_YET, SUBMIT
from marketplace.qualification.models import (
    Application,
    ApplicationAnswer,
    ApplicationCategory,
    ApplicationState,
    Qualification,
)
from marketplace.qualification.permissions import QualificationPermission
from marketplace.qualification.queries import application_for, own_applications, qualified_for
from marketplace.questions.queries import set_in_force

PURPOSE = "qualification"
DECISION_WORKING_DAYS = 10  # policy (domain, section 3)


def begin_application(category_codes: Sequence[str], by: Acting) -> Application:
    """Start an application for these categories, with the answers of the last one copied forward.

    Legal confirmations are never copied. Raises Refusal where a category is already held or being
    assessed.
    """
    check(by, QualificationPermission.APPLY)
    earlier = own_applications(by)
    taken = qualified_for(by.organisation_id) | {
        code
        for application in earlier
        if application.state in (ApplicationState.DRAFT, ApplicationState.SUBMITTED)
        for code in application.category_codes
    }
    if taken & set(category_codes):
        raise Refusal(
            _("You are already qualified or have applied for one of these. Choose the others only.")
        )
    question_set = set_in_force(PURPOSE, clock.today())
    application = Application(
        id=new_id(),
        organisation_id=by.organisation_id,
        set_id=question_set.id,
        state=ApplicationState.DRAFT,
        created_at=clock.now(),
        created_by_id=by.person_id,
        categories=[ApplicationCategory(category_code=code) for code in category_codes],
    )
    if earlier:
        copied = {each.question_id: each.answer for each in earlier[0].answers}
        application.answers = [
            ApplicationAnswer(question_id=question.id, answer=copied[question.id])
            for question in question_set.questions
            if question.id in copied and not question.legal
        ]
    db.session.add(application)
    audit.record("application:begin", subject=application, by=by)
    return application


def save_answers(application_id: UUID, answers: Mapping[UUID, str], by: Acting) -> Application:
    """Keep these answers of a draft; an empty one takes the old one away."""
    application = _locked(application_id, by)
    check(by, QualificationPermission.APPLY, application)
    if application.state is not ApplicationState.DRAFT:
        raise Refusal(_("This application has been submitted and can no longer be changed."))
    application.answers = [
        ApplicationAnswer(question_id=question_id, answer=answer)
        for question_id, answer in answers.items()
        if answer
    ]
    audit.record("application:answer", subject=application, by=by, fields=["answers"])
    return application


def submit_application(application_id: UUID, by: Acting) -> Application:
    """Hand the application in; the decision is due in ten working days."""
    application = _locked(application_id, by)
    due_on = add_working_days(day_of(clock.now()), DECISION_WORKING_DAYS, ENGLAND_AND_WALES)
    facts = {"submitted_at": clock.now(), "submitted_by_id": by.person_id, "due_on": due_on}
    APPLICATION.take(SUBMIT, application, by, facts)
    _tell_framework_managers(application)
    return application


def decide_application(application_id: UUID, reasons: str | None, by: Acting) -> Application:
    """Qualify the applicant, or say "not yet" with reasons; the applicant is told either way."""
    application = _locked(application_id, by)
    facts = {"decided_at": clock.now(), "decided_by_id": by.person_id}
    if reasons is None:
        APPLICATION.take(QUALIFY, application, by, facts)
        db.session.add_all(
            Qualification(
                organisation_id=application.organisation_id,
                category_code=code,
                application_id=application.id,
                since=clock.now(),
            )
            for code in application.category_codes
        )
    else:
        application.reasons = reasons
        APPLICATION.take(SAY_NOT_YET, application, by, facts)
    _tell_applicant(application)
    return application


def _tell_framework_managers(application: Application) -> None:
    managers = (
        select(Person)
        .where(
            Person.state == PersonState.ACTIVE,
            exists().where(
                Membership.person_id == Person.id, Membership.role == Role.FRAMEWORK_MANAGER
            ),
        )
        .order_by(Person.id)
    )
    for manager in db.session.scalars(managers):
        outbox.post(
            "marketplace/qualification/mail/submitted.txt",
            to=manager.email,
            subject_id=application.id,
            facts={"application_id": application.id},
        )


def _tell_applicant(application: Application) -> None:
    submitter = db.session.get_one(Person, application.submitted_by_id)
    outbox.post(
        "marketplace/qualification/mail/decided.txt",
        to=submitter.email,
        subject_id=application.id,
        facts={"application_id": application.id, "state": application.state},
    )


def _locked(application_id: UUID, by: Acting) -> Application:
    found = db.session.get(Application, application_id, with_for_update=True)
    if found is None:
        raise NotYours(application_id)
    return application_for(application_id, by)
