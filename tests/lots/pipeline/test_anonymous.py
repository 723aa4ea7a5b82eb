"""Anonymous answers: counted in company, tied to nobody by anything that is stored or told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import LargeBinary, func, inspect, select

from lots import actions, jobs
from lots.models import Lot
from lots.pipeline import anonymous, answering
from lots.pipeline.anonymous import LONGEST_TEXT, TOGETHER, Answer, Figures
from lots.pipeline.models import HeldAnswer, ReleasedAnswer, ViabilityToken, WhyNotInvitation
from lots.pipeline.vocabulary import CHOICES, Choice, Obstacle, Subject
from lots.vocabulary import EndReason, LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, Refused
from tests.support.competition import move_to
from tests.support.lots import make_lot, make_open_lot
from tests.support.people import acting_as, make_person
from tests.support.pipeline import NO, YES, answered, somebody

VIABILITY = Subject.VIABILITY
ANSWERS = st.one_of(
    st.just(YES),
    st.builds(
        Answer,
        st.sampled_from([Choice.NO, Choice.CHANGES]),
        st.lists(st.sampled_from(Obstacle), min_size=1, unique=True).map(tuple),
        st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=LONGEST_TEXT),
    ),
)


def give(lot: Lot, subject: Subject, answer: Answer) -> None:
    with write():
        anonymous.give(db.session.get_one(Lot, lot.id), subject, answer)


def total(figures: Figures | None) -> int:
    return figures.total if figures else 0


@given(answers=st.lists(ANSWERS, max_size=11))
def test_no_two_published_figures_ever_differ_by_one_or_two_answers(app, answers):
    lot = make_lot(LotState.PLANNED)
    published = [None]
    for answer in answers:
        give(lot, VIABILITY, answer)
        published.append(anonymous.figures(lot.id, VIABILITY))
    steps = [
        total(after) - total(before)
        for before, after in zip(published, published[1:], strict=False)
    ]
    assert set(steps) <= {0, TOGETHER}
    assert all(
        before == after
        for before, after, step in zip(published, published[1:], steps, strict=False)
        if step == 0
    )
    counted = answers[: total(published[-1])]
    expected = sorted(answer.choice for answer in counted)
    figures = published[-1]
    shown = (
        [choice for choice, count in figures.choices.items() for _ in range(count)]
        if figures
        else []
    )
    assert sorted(shown) == expected
    assert sorted(anonymous.texts(lot.id, VIABILITY)) == sorted(a.text for a in counted if a.text)


def test_below_three_answers_nothing_is_published_and_the_rest_is_forgotten_at_the_opening(app):
    lot = make_lot(LotState.PLANNED)
    answered(lot, YES, NO)
    assert anonymous.figures(lot.id, VIABILITY) is None
    assert not anonymous.texts(lot.id, VIABILITY)
    director = acting_as(make_person(Role.DIRECTOR, lot.lead_buyer))
    with write():
        actions.publish_lot(lot.id, director)
    assert not db.session.scalar(select(func.count()).select_from(HeldAnswer))
    with pytest.raises(Refusal):
        answered(lot, YES)


def test_an_approval_taken_back_forgets_no_answer(app):
    lot = make_lot(LotState.PLANNED)
    answered(lot, YES, NO)
    director = acting_as(make_person(Role.DIRECTOR, lot.lead_buyer))
    with write():
        actions.approve_lot(lot.id, clock.now() + timedelta(days=3), director)
    with write():
        actions.take_back_lot(lot.id, director)
    answered(lot, YES)
    assert total(anonymous.figures(lot.id, VIABILITY)) == TOGETHER


@pytest.mark.parametrize("ends", ["opens by itself", "cancelled"])
def test_lone_answers_are_forgotten_when_the_lot_opens_or_ends(app, ends):
    lot = make_lot(LotState.PLANNED)
    answered(lot, YES, NO)
    director = acting_as(make_person(Role.DIRECTOR, lot.lead_buyer))
    opens_at = clock.now() + timedelta(days=3)
    with write():
        actions.approve_lot(lot.id, opens_at, director)
    if ends == "cancelled":
        with write():
            actions.cancel_lot(lot.id, EndReason.NEED_CHANGED, director)
    else:
        move_to(opens_at)
        assert jobs.open_due(clock.now()) == 1
    assert not db.session.scalar(select(func.count()).select_from(HeldAnswer))


def test_one_answer_for_each_organisation_whoever_gives_it(app):
    lot, by = make_lot(LotState.PLANNED), somebody()
    with write():
        answering.answer_viability(lot.id, YES, by)
    with pytest.raises(Refusal, match="already answered"), write():
        answering.answer_viability(lot.id, NO, by)
    assert answering.has_answered(lot.id, by)
    assert not answering.has_answered(lot.id, somebody())
    assert db.session.scalar(select(func.count()).select_from(HeldAnswer)) == 1


def test_only_planned_lots_and_only_providers(app):
    for lot in (make_open_lot(), make_lot(LotState.AWARDED)):
        with pytest.raises(Refusal), write():
            answering.answer_viability(lot.id, YES, somebody())
    with pytest.raises(NotYours), write():
        answering.answer_viability(make_lot(LotState.DRAFT).id, YES, somebody())
    planned = make_lot(LotState.PLANNED)
    buyer = acting_as(make_person(Role.COMMISSIONING_OFFICER, planned.lead_buyer))
    with pytest.raises(Refused), write():
        answering.answer_viability(planned.id, YES, buyer)


def test_no_row_says_who_answered_or_when(app):
    allowed = {"id", "lot_id", "subject", "sealed", "choice", "obstacles", "text", "token", "used"}
    for model in (HeldAnswer, ReleasedAnswer, ViabilityToken, WhyNotInvitation):
        columns = inspect(model).columns
        assert set(columns.keys()) <= allowed
        for column in columns:
            assert column.default is None or not column.default.is_sequence
    assert set(inspect(ViabilityToken).columns.keys()) == {"token"}


def test_a_held_answer_shows_neither_what_it_says_nor_how_long_it_is(app):
    lot = make_lot(LotState.PLANNED)
    longest = "🦊" * LONGEST_TEXT
    answered(lot, YES, Answer(Choice.NO, tuple(Obstacle), longest))
    stored = db.session.scalars(
        select(HeldAnswer.__table__.c.sealed).with_only_columns(
            func.length(HeldAnswer.__table__.c.sealed.cast(LargeBinary))
        )
    ).all()
    assert len(stored) == 2 and len(set(stored)) == 1


def test_the_audit_hears_of_three_together_and_of_nobody(app):
    before = db.session.scalar(select(func.count()).select_from(AuditEvent))
    lot = make_lot(LotState.PLANNED)
    made = db.session.scalar(select(func.count()).select_from(AuditEvent))
    answered(lot, YES, NO)
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == made > before
    answered(lot, YES)
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
    assert event.action == "lot:answers_released"
    assert event.person_id is None and event.organisation_id is None
    assert "choice" not in json.dumps(event.details)


def test_released_answers_have_new_ids(app):
    lot = make_lot(LotState.PLANNED)
    answered(lot, YES, NO)
    held = set(db.session.scalars(select(HeldAnswer.id)))
    answered(lot, YES)
    assert not held & set(db.session.scalars(select(ReleasedAnswer.id)))
    assert not db.session.scalar(select(func.count()).select_from(HeldAnswer))


def test_the_two_questions_do_not_mix(app):
    lot = make_lot(LotState.PLANNED)
    for choice in list(CHOICES[Subject.WHY_NOT])[:2]:
        give(lot, Subject.WHY_NOT, Answer(choice))
    answered(lot, YES, NO, YES)
    assert anonymous.figures(lot.id, Subject.WHY_NOT) is None
    assert anonymous.figures(lot.id, VIABILITY).choices == {
        Choice.YES: 2,
        Choice.CHANGES: 0,
        Choice.NO: 1,
    }
    with pytest.raises(AssertionError):
        give(lot, VIABILITY, Answer(Choice.SIZE))
