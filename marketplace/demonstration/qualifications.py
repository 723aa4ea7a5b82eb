"""The demonstration's applications: qualified at once, waiting, to correct, not yet, and later on.

Told by the product's own actions, each at the moment at which it is said to have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.demonstration.cast import PROVIDERS, Cast
from marketplace.demonstration.world import acting_for, days_ago, moment_of, on_the_day
from marketplace.overtaken import fingerprint
from marketplace.qualification import actions, assessing
from marketplace.qualification.answering import on_page
from marketplace.qualification.held import actions as held
from marketplace.qualification.models import Application, Ground, Qualification
from marketplace.qualification.outcomes import Part, questions_for
from marketplace.qualification.queries import application_for

APPLIED_DAYS_AGO = 400
RECONFIRMED_DAYS_AGO = 40
# These qualified later, so that their year is about to end.
LATER = {"oak": 353}
# By concept, as answers are kept (see `marketplace.questions.answers`).
ANSWERS = {
    "what-you-do": "We work alongside people on probation in the towns we come from: practical "
    "help first, then time to talk about what should change, and somebody who stays in touch.",
    "safeguarding": '["policy", "lead", "training"]',
    "vetting": "done",
    "data-protection": "registered",
    "exclusion": "none",
    "field-practice": "now",
}
# Work that is new to the organisation, which a person judges.
PLANNED = {
    "field-practice": "plan",
    "field-plan": "Three of us have done this work elsewhere. We begin with a weekly open session "
    "in the library and add one-to-one work once people know us.",
}
NEW_WORK = {("peer-steps", "social-inclusion")}


def build() -> None:
    """Tell what is not told yet; each organisation's beginning in one write."""
    for cast in PROVIDERS:
        with write():
            _qualify(cast)
    for tell in (_corrects, _not_yet, _in_hand, _drafts, _signs_off, _suspended, _noticed):
        with write():
            tell()


def _qualify(cast: Cast) -> None:
    """Apply once for the categories of the cast; what needs no judgement qualifies at once."""
    manager = acting_for(cast.key, Role.BID_MANAGER)
    applied = select(Application.id).where(Application.organisation_id == manager.organisation_id)
    if db.session.scalar(applied.limit(1)) is not None:
        return
    days = LATER.get(cast.key, APPLIED_DAYS_AGO)
    # The one that waits has done so for longer than the ten working days allowed.
    moment = _working_days_ago(11) if cast.pending else days_ago(days)
    with on_the_day(moment):
        for application in actions.begin_applications(cast.applies, manager):
            db.session.flush()
            planned = (cast.key, application.category_code) in NEW_WORK
            _answer(application.id, manager, PLANNED if planned else {})
            actions.submit_application(application.id, manager)
    if not cast.pending and cast.key not in LATER:
        with on_the_day(days_ago(RECONFIRMED_DAYS_AGO)):
            _reconfirm(manager)


def _answer(application_id: UUID, by: Acting, instead: dict[str, str] | None = None) -> None:
    given = ANSWERS | (instead or {})
    for part in Part:
        application = application_for(application_id, by)
        questions = questions_for(application)[part]
        actions.save_answers(
            application_id,
            part,
            {each.id: given[each.concept] for each in questions if each.concept in given},
            fingerprint(on_page(application, questions)),
            by,
        )


def _reconfirm(by: Acting) -> None:
    mine = select(Qualification.id).where(Qualification.organisation_id == by.organisation_id)
    legal = [each for each in held.legal_questions() if each.concept in ANSWERS]
    confirmed = {each.id: ANSWERS[each.concept] for each in legal}
    held.reconfirm(db.session.scalars(mine).all(), confirmed, by)


def _working_days_ago(number: int) -> datetime:
    return moment_of(calendar.add_working_days(clock.today(), -number))


def _told(key: str, category: str) -> Application | None:
    """The application of an organisation for a category, where it is told already."""
    manager = acting_for(key, Role.BID_MANAGER)
    return db.session.scalars(
        select(Application).where(
            Application.organisation_id == manager.organisation_id,
            Application.category_code == category,
        )
    ).first()


def _planned(key: str, category: str, working_days: int) -> UUID | None:
    """Apply for work that is new, so many working days ago; None where it is told already."""
    if _told(key, category) is not None:
        return None
    manager = acting_for(key, Role.BID_MANAGER)
    with on_the_day(_working_days_ago(working_days)):
        application_id = actions.begin_applications([category], manager)[0].id
        _answer(application_id, manager, PLANNED)
        actions.submit_application(application_id, manager)
    return application_id


def _claimed(key: str, category: str, working_days: int, then: Callable[[UUID, Acting], object]):
    application_id = _planned(key, category, working_days)
    if application_id is None:
        return
    framework = acting_for("national", Role.FRAMEWORK_MANAGER)
    with on_the_day(_working_days_ago(working_days - 2)):
        assessing.claim(application_id, framework)
        then(application_id, framework)


def _corrects() -> None:
    def ask(application_id: UUID, framework: Acting) -> None:
        asked = {"field-plan"}
        application = application_for(application_id, framework)
        questions = questions_for(application)[Part.CATEGORY]
        assessing.request_correction(
            application_id,
            [each.id for each in questions if each.concept in asked],
            "Please say who will lead the work, and in which town it begins.",
            framework,
        )

    _claimed("second-street", "finance-benefit-debt", 5, ask)


def _not_yet() -> None:
    def refuse(application_id: UUID, framework: Acting) -> None:
        assessing.decide_application(
            application_id,
            "The plan does not yet say how people are kept safe in a group. Add who leads each "
            "session and what they do when somebody is at risk, then apply again: your answers "
            "are kept.",
            framework,
        )

    _claimed("pont", "restorative-justice", 30, refuse)


def _in_hand() -> None:
    _claimed("kestrel", "cognitive-and-behavioural-change", 6, lambda *_told: None)


def _drafts() -> None:
    """One draft half answered, its answers taken over from an earlier application."""
    if _told("harbour", "young-adults") is None:
        with on_the_day(days_ago(3)):
            actions.begin_applications(["young-adults"], acting_for("harbour", Role.BID_MANAGER))


def _signs_off() -> None:
    """One draft that waits for a trustee, whose organisation asks for the sign-off."""
    if _told("rising", "family-and-significant-others") is not None:
        return
    manager, trustee = acting_for("rising", Role.BID_MANAGER), acting_for("rising", Role.TRUSTEE)
    with on_the_day(days_ago(2)):
        actions.set_sign_off(True, trustee)
        made = actions.begin_applications(["family-and-significant-others"], manager)
        _answer(made[0].id, manager)
        actions.ask_sign_off(made[0].id, manager)


def _held(key: str, category: str) -> Qualification:
    application = _told(key, category)
    assert application is not None, f"{key} is qualified for {category} first"
    return db.session.scalars(
        select(Qualification).where(
            Qualification.organisation_id == application.organisation_id,
            Qualification.category_code == category,
        )
    ).one()


def _suspended() -> None:
    """A category in which the demonstration has no lot: suspended, and back in three weeks."""
    _apply_as_usual("kestrel", ["dependency-and-recovery"])
    found = _held("kestrel", "dependency-and-recovery")
    if found.suspended_at is not None:
        return
    with on_the_day(days_ago(9)):
        held.suspend(
            found.id,
            Ground.SAFEGUARDING,
            "The lead for safeguarding has left and nobody has taken over. Name a new lead, and "
            "we will look at it again before the day.",
            clock.today() + timedelta(days=30),
            acting_for("national", Role.FRAMEWORK_MANAGER),
        )


def _noticed() -> None:
    """A notice of removal that the organisation can still answer."""
    _apply_as_usual("second-street", ["cognitive-and-behavioural-change"])
    found = _held("second-street", "cognitive-and-behavioural-change")
    if held.open_notice(found.id) is not None:
        return
    with on_the_day(_working_days_ago(3)):
        held.serve_notice(
            found.id,
            Ground.UNTRUE_ANSWER,
            "You told us that you do this work now. The people you named say that it ended last "
            "year. Tell us how it stands.",
            acting_for("national", Role.FRAMEWORK_MANAGER),
        )


def _apply_as_usual(key: str, categories: Iterable[str]) -> None:
    manager = acting_for(key, Role.BID_MANAGER)
    for category in categories:
        if _told(key, category) is None:
            with on_the_day(days_ago(120)):
                application = actions.begin_applications([category], manager)[0]
                _answer(application.id, manager)
                actions.submit_application(application.id, manager)
