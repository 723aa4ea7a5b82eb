"""Applications and qualifications for tests, made by the product's own actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.database import db, new_id, write
from marketplace.files import inspect
from marketplace.organisations.actions import change_profile
from marketplace.organisations.models import IncomeBand, LegalForm, Organisation
from marketplace.organisations.queries import profile_gaps
from marketplace.overtaken import fingerprint
from marketplace.qualification import actions, assessing, evidence
from marketplace.qualification.answering import on_page
from marketplace.qualification.held import actions as held
from marketplace.qualification.models import (
    Application,
    ApplicationState,
    Ground,
    Qualification,
)
from marketplace.qualification.outcomes import Part, questions_for
from marketplace.qualification.queries import application_for, categories_asked
from marketplace.questions.models import Question, QuestionKind, QuestionSet, SetState
from marketplace.questions.queries import category_purpose, set_for_category, set_in_force
from tests.support.files import PDF
from tests.support.people import make_person, written
from tests.support.questions import passing_answers

PROFILE = {
    "legal_form": LegalForm.CIO,
    "income_band": IncomeBand.TO_100K,
    "is_voluntary": True,
    "based_in": "kent",
    "contact_email": "hello@charity.example",
}
PLAN = {"field-practice": "plan", "field-plan": "Two of us begin with a group on Tuesdays."}


def complete_profile(by: Acting) -> None:
    """Whatever of the profile is needed to qualify."""
    if profile_gaps(db.session.get_one(Organisation, by.organisation_id)):
        with written():
            change_profile(by.organisation_id, PROFILE, ["kent"], by)


def seen(application_id: UUID, by: Acting, part: Part) -> str:
    """The fingerprint of a page of questions as it stands."""
    application = application_for(application_id, by)
    return fingerprint(on_page(application, questions_for(application)[part]))


def good_answers(questions: Any, judged: bool) -> dict[UUID, str]:
    """Answers that pass; with `judged`, one of them that a person must read."""
    answers = passing_answers(questions)
    if judged:
        answers |= {each.id: PLAN[each.concept] for each in questions if each.concept in PLAN}
    return answers


def fill_in(application_id: UUID, by: Acting, judged: bool = False) -> None:
    """Answer everything so that it passes, on top of a complete profile."""
    complete_profile(by)
    for part in Part:
        questions = questions_for(application_for(application_id, by))[part]
        with written():
            actions.save_answers(
                application_id,
                part,
                good_answers(questions, judged),
                seen(application_id, by, part),
                by,
            )


def begun(by: Acting, category: str = "accommodation") -> UUID:
    """A draft; returns its id."""
    with written():
        return actions.begin_applications([category], by)[0].id


def ready(by: Acting, category: str = "accommodation", judged: bool = False) -> UUID:
    """A draft with everything answered; returns its id."""
    application_id = begun(by, category)
    fill_in(application_id, by, judged)
    return application_id


def submitted(by: Acting, category: str = "accommodation", judged: bool = True) -> UUID:
    """An application handed in, for a person to judge unless told otherwise; returns its id."""
    application_id = ready(by, category, judged)
    with written():
        actions.submit_application(application_id, by)
    return application_id


def in_assessment(by: Acting, assessor: Acting, category: str = "accommodation") -> UUID:
    """An application that this person assesses; returns its id."""
    application_id = submitted(by, category)
    with written():
        assessing.claim(application_id, assessor)
    return application_id


def to_correct(by: Acting, assessor: Acting, category: str = "accommodation") -> UUID:
    """An application whose plan is to be written again; returns its id."""
    application_id = in_assessment(by, assessor, category)
    with written():
        assessing.request_correction(
            application_id,
            [question_of(application_id, assessor, "field-plan").id],
            "Say who leads.",
            assessor,
        )
    return application_id


def question_of(application_id: UUID, by: Acting, concept: str) -> Question:
    """One question of an application by its concept."""
    both = questions_for(application_for(application_id, by))
    return next(each for part in Part for each in both[part] if each.concept == concept)


def qualify(
    organisation: Organisation,
    service_code: str = "womens-services",
    state: ApplicationState = ApplicationState.QUALIFIED,
) -> list[Application]:
    """Applications of the organisation for all that a service asks for, in this state."""
    applicant = make_person(Role.BID_MANAGER, organisation)
    with written():
        return [
            _made(organisation.id, code, state, applicant.id)
            for code in categories_asked(service_code)
        ]


def _made(organisation_id: UUID, code: str, state: ApplicationState, by_id: UUID) -> Application:
    now, today = clock.now(), clock.today()
    application = Application(
        id=new_id(),
        organisation_id=organisation_id,
        category_code=code,
        set_id=set_in_force("qualification", today).id,
        category_set_id=set_for_category(code, today).id,
        state=state,
        created_at=now,
        created_by_id=by_id,
        submitted_at=now,
        submitted_by_id=by_id,
        due_on=today,
        escalate_on=today + timedelta(days=7),
        reasons="Say who leads." if state is ApplicationState.NOT_YET else None,
    )
    db.session.add(application)
    db.session.flush()
    if state is ApplicationState.QUALIFIED:
        held.grant(application)
    return application


def qualification_of(organisation_id: UUID, category: str) -> Qualification:
    """The qualification as it stands now."""
    return (
        db.session.query(Qualification)
        .populate_existing()
        .filter_by(organisation_id=organisation_id, category_code=category)
        .one()
    )


def ask_for_a_file(category: str) -> UUID:
    """Have a category ask for one file and nothing else; returns the question's id."""
    asked = Question(
        id=new_id(),
        position=1,
        concept="policy",
        kind=QuestionKind.FILE,
        text="Your safeguarding policy",
        readers=["framework_team"],
    )
    made = QuestionSet(
        id=new_id(),
        purpose=category_purpose(category),
        version=1,
        title="A file",
        state=SetState.PUBLISHED,
        valid_from=clock.today(),
        created_at=clock.now(),
        published_at=clock.now(),
        questions=[asked],
    )
    with written():
        db.session.add(made)
        db.session.flush()
    return asked.id


def _with_a_file(by: Acting, category: str) -> dict[str, UUID]:
    question_id = ask_for_a_file(category)
    application_id = begun(by, category)
    fill_in(application_id, by)
    with write():
        evidence.attach(application_id, question_id, inspect("policy.pdf", PDF), by)
    with write():
        actions.submit_application(application_id, by)
    return {"application_id": application_id, "question_id": question_id}


def add_to(world: Any) -> None:
    """One application and qualification in each state that the reviewed table names."""
    by, manager = world.by("bid manager"), world.by("framework manager")
    world.things["application being written"] = {
        "application_id": ready(by, "lifestyle-and-associates"),
        "part": "common",
    }
    world.things["application with a file"] = _with_a_file(by, "black-asian-minority-ethnic")
    waiting = submitted(by, "dependency-and-recovery")
    world.things["application in the queue"] = {"application_id": waiting}
    world.things["application to decide"] = {
        "application_id": in_assessment(by, manager, "finance-benefit-debt")
    }
    world.things["application to correct"] = {
        "application_id": to_correct(by, manager, "restorative-justice")
    }
    world.things["application qualified"] = {
        "application_id": submitted(by, "young-adults", judged=False)
    }
    submitted(by, "social-inclusion", judged=False)
    organisation_id = by.organisation_id
    listed = qualification_of(organisation_id, "young-adults")
    world.things["qualification"] = {"qualification_id": listed.id}
    world.things["listed organisation"] = {"organisation_id": organisation_id}
    noticed = qualification_of(organisation_id, "social-inclusion")
    with write():
        held.serve_notice(noticed.id, Ground.INSOLVENCY, "The accounts say so.", manager)
    world.things["qualification under notice"] = {"qualification_id": noticed.id}
