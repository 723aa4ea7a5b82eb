"""Any order of questions, answers, changes, moves and waiting: what always holds."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lots import jobs, proportionality
from lots.competition import closing
from lots.competition import jobs as waiting
from lots.competition.vocabulary import ChangeKind
from lots.competition.waiting import awaits_answers
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from tests.support.competition import (
    answer,
    asked,
    clarified,
    corrected,
    materially_changed,
    move_to,
    officer_of,
    provider_person,
)
from tests.support.lots import make_open_lot, whole_lot

STEPS = 14


class Competition(RuleBasedStateMachine):
    """One open lot, its people, and a clock that only runs ahead."""

    app: Flask

    @initialize()
    def opens(self) -> None:
        with write():
            clock.set_offset(0)
        self.lot = make_open_lot()
        self.officer = officer_of(self.lot)
        self.bidder = provider_person()
        self.waiting: list[UUID] = []
        assert self.lot.closes_at is not None
        self.seen: datetime = self.lot.closes_at
        self.number = 0

    @property
    def now(self) -> Any:
        return whole_lot(self.lot.id)

    @rule()
    def somebody_asks(self) -> None:
        self.number += 1
        with suppress(Refusal):
            self.waiting.append(asked(self.lot, self.bidder, f"Question {self.number}?"))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def the_buyer_answers(self, data: st.DataObject) -> None:
        question = data.draw(st.sampled_from(self.waiting))
        answer(question, self.officer)
        self.waiting.remove(question)
        if not self.waiting:
            days = (calendar.day_of(clock.now()), calendar.day_of(self.now.closes_at))
            assert calendar.working_days_between(*days) >= 5

    @rule(hours=st.integers(1, 24 * 12), with_jobs=st.booleans())
    def time_passes(self, hours: int, with_jobs: bool) -> None:
        move_to(clock.now() + timedelta(hours=hours))
        if with_jobs:
            waiting.wait_due(clock.now())
            jobs.close_due(clock.now())

    @rule(days=st.integers(-10, 30))
    def the_buyer_moves_closing(self, days: int) -> None:
        day = calendar.day_of(self.now.closes_at) + timedelta(days=days)
        with suppress(Refusal), write():
            closing.move_closing(self.lot.id, day, "A reason.", self.officer)

    @rule(kind=st.sampled_from([ChangeKind.COSMETIC, ChangeKind.CLARIFYING, ChangeKind.MATERIAL]))
    def the_buyer_changes(self, kind: ChangeKind) -> None:
        self.number += 1
        values = {"values": {"summary": f"Words {self.number}"}}
        with suppress(Refusal):
            if kind is ChangeKind.MATERIAL:
                materially_changed(self.lot, **values)
            elif kind is ChangeKind.CLARIFYING:
                clarified(self.lot, **values)
            else:
                corrected(self.lot, self.now.summary + ".")

    @invariant()
    def closing_only_moves_forward_and_to_a_day_on_which_lots_close(self) -> None:
        closes_at = self.now.closes_at
        assert closes_at >= self.seen
        if closes_at > self.seen:
            day = calendar.day_of(closes_at)
            assert calendar.is_working_day(day) and not proportionality.in_closed_season(day)
            assert closes_at == calendar.closing_moment(day)
        self.seen = closes_at

    @invariant()
    def it_never_closes_with_a_question_unanswered_nor_before_its_moment(self) -> None:
        assert awaits_answers(self.lot.id) == bool(self.waiting)
        if self.now.state is LotState.CLOSED:
            assert not self.waiting
            assert clock.now() >= self.now.closes_at
        elif self.waiting:
            assert db.session.get_one(Lot, self.lot.id).state is LotState.OPEN


@pytest.mark.usefixtures("app")
def test_a_competition_keeps_its_promises_in_any_order(app: Flask) -> None:
    run_state_machine_as_test(
        Competition,
        settings=settings(
            max_examples=12,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
