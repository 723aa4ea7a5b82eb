"""A body whose Stripe is silent holds up no other body, no other job, and not itself for long."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from marketplace import clock
from marketplace.database import db
from marketplace.lifecycle import AlreadyChanged
from marketplace.payments import turns
from marketplace.payments.paying import sending
from marketplace.payments.paying.actions import MOST_ATTEMPTS
from marketplace.payments.paying.models import HeldReason, Payment, PaymentState, Rail
from marketplace.payments.paying.rails import Answer, Told, senders
from marketplace.payments.turns import Went, in_turn
from tests.support.paying import FakeRail, Pair, give_stripe_books, make_pair, time_passes

SILENT, WELL = UUID(int=1), UUID(int=2)


class HangingRail(FakeRail):
    """One payer's Stripe never answers."""

    silent: UUID

    def send(self, payment: Payment) -> Told:
        """UNKNOWN for that payer, without an effect."""
        if payment.payer_id == self.silent:
            self.sent.append(payment.idempotency_key or "")
            return Told(Answer.UNKNOWN)
        return super().send(payment)


@pytest.fixture(autouse=True)
def nothing_known(app) -> None:
    """As in a process that has just begun."""
    app.extensions["silent_bodies"].clear()


def pair_at_stripe() -> Pair:
    made = make_pair()
    give_stripe_books(made)
    return made


def test_a_payer_whose_stripe_is_silent_holds_up_no_other_payer(app, monkeypatch):
    """Its payments are due first, and there are more of them than a round tries."""
    rail = HangingRail()
    monkeypatch.setitem(senders(app), Rail.STRIPE, rail)
    silent, well = pair_at_stripe(), pair_at_stripe()
    rail.silent = silent.payer.id
    held_up = [silent.owe(due_in=0) for _each in range(turns.MOST_UNCLEAR + 2)]
    paid = [well.owe(due_in=9) for _each in range(2)]
    sending.send_due(clock.now())
    again = [db.session.get_one(Payment, each.id, populate_existing=True) for each in paid]
    assert {each.state for each in again} == {PaymentState.PAID}
    assert len(rail.sent) == turns.MOST_UNCLEAR + len(paid)
    sending.send_due(clock.now())
    assert len(rail.sent) == turns.MOST_UNCLEAR + len(paid) + 1
    left = [db.session.get_one(Payment, each.id, populate_existing=True) for each in held_up]
    assert [each.state for each in left].count(PaymentState.READY) == 1


def test_what_fails_on_our_side_is_not_asked_about_at_once_and_at_last_held(app, monkeypatch):
    rail = FakeRail()
    monkeypatch.setitem(senders(app), Rail.STRIPE, rail)
    payment = pair_at_stripe().owe()

    def fails(*_given: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(sending, "settle", fails)
        for _round in range(3):
            sending.send_due(clock.now())
        assert len(rail.sent) == 1 and not rail.asked
        for _round in range(MOST_ATTEMPTS):
            time_passes(payment.id)
            sending.send_due(clock.now())
    assert len(rail.sent) == 1
    stored = db.session.get_one(Payment, payment.id, populate_existing=True)
    assert stored.held_reason == HeldReason.UNCLEAR


def test_the_silent_come_last_until_they_answer(app):
    order: list[UUID] = []
    answers = {SILENT: Went.UNCLEAR, WELL: Went.DONE}

    def deal(body_id: UUID) -> Went:
        order.append(body_id)
        return answers[body_id]

    due = [(SILENT, SILENT)] * 5 + [(WELL, WELL)] * 2
    assert in_turn(due, deal) == 2
    assert order == [SILENT, WELL, WELL, SILENT, SILENT]
    order.clear()
    assert in_turn(due, deal) == 2
    assert order == [WELL, WELL, SILENT]
    answers[SILENT] = Went.DONE
    assert in_turn(due, deal) == 7
    order.clear()
    in_turn(due, deal)
    assert order[0] == SILENT


def test_a_round_ends_in_time_and_the_next_goes_on(app, monkeypatch):
    began = clock.technical_now()
    moments = iter([began, began, began + turns.LONGEST])
    monkeypatch.setattr(clock, "technical_now", lambda: next(moments))
    done: list[str] = []

    def deal(thing: str) -> Went:
        done.append(thing)
        return Went.DONE

    assert in_turn([("first", SILENT), ("second", SILENT)], deal) == 1
    assert done == ["first"]


@pytest.mark.parametrize(
    ("error", "tried"),
    [(ValueError("ours"), 5), (TimeoutError("theirs"), 3), (AlreadyChanged("before"), 5)],
)
def test_one_that_fails_stops_no_other_and_only_silence_stops_its_body(app, error, tried):
    seen: list[UUID] = []

    def deal(thing: UUID) -> Went:
        seen.append(thing)
        raise error

    due = [(uuid4(), SILENT) for _each in range(5)]
    assert in_turn(due, deal, lambda failed: isinstance(failed, TimeoutError)) == 0
    assert len(seen) == tried
