"""A payment is sent once, whatever the rail answers and whenever the process stops."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import false, func, select, true

from marketplace import clock, events
from marketplace.accounts.models import Person
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments.models import Posting
from marketplace.payments.paying import actions, outside, sending
from marketplace.payments.paying.lifecycle import PAY
from marketplace.payments.paying.models import HeldReason, Payment, PaymentState, Rail, ReturnReason
from marketplace.payments.paying.rails import Answer, Told, senders
from marketplace.payments.queries import balance
from tests.support import paying
from tests.support.mails import mails_to
from tests.support.paying import FakeRail, Pair, make_pair, time_passes


@pytest.fixture
def rail(app, monkeypatch) -> FakeRail:
    """The one rail that sends by itself."""
    made = FakeRail()
    monkeypatch.setitem(senders(app), Rail.STRIPE, made)
    return made


@pytest.fixture
def pair(app) -> Pair:
    """A payer with books at the rail, and who it pays."""
    made = make_pair()
    paying.give_stripe_books(made)
    return made


def again(payment: Payment) -> Payment:
    """As it is stored now."""
    return db.session.get_one(Payment, payment.id, populate_existing=True)


def run() -> None:
    """One round of the job."""
    sending.send_due(clock.now())


def postings(payment: Payment) -> list[str]:
    """The causes posted for a payment, in the order of their names."""
    found = select(Posting.cause_kind).where(Posting.cause_id == payment.id)
    return sorted(db.session.scalars(found))


def test_a_payment_is_sent_recorded_and_told(app, pair, rail):
    heard: list[tuple[str, str]] = []
    events.when(app, PAY, lambda payment, by: heard.append((payment.cause_kind, payment.state)))
    payment = pair.owe(125_000)
    assert balance(pair.payable_id) == -125_000
    run()
    payment = again(payment)
    assert (payment.state, payment.rail) == (PaymentState.PAID, Rail.STRIPE)
    assert payment.paid_on is not None and payment.try_at is None
    assert rail.transfers == {payment.idempotency_key: (payment.rail_reference, 125_000)}
    assert postings(payment) == ["payment:paid", "payment:transferred"]
    assert balance(pair.payable_id) == 0 and balance(pair.paid_id) == -125_000
    assert heard == [("test:owed", PaymentState.PAID)]
    run()
    assert len(rail.sent) == 1


def test_without_a_rail_that_takes_it_a_payment_waits_for_people(app, pair, rail):
    rail.condition = false()
    payment = pair.owe()
    run()
    assert again(payment).state == PaymentState.READY and not rail.sent


def test_what_people_pay_is_never_sent_by_itself_whatever_becomes_of_the_provider(pair, rail):
    """Somebody may be paying it at the bank at the moment in which the provider becomes ready."""
    rail.condition = false()
    paying.give_bank_details(pair)
    ready, in_file, back = (pair.owe() for _each in range(3))
    with write():
        outside.export([in_file.id], pair.manager)
        outside.record([back.id], clock.today(), "BACS 1", pair.manager)
        outside.record_return(back.id, ReturnReason.SENT_BACK, pair.manager)
    rail.condition = true()
    with write():
        actions.payee_is_ready(pair.payer.id, pair.payee.id)
        outside.take_back([in_file.id], pair.manager)
        anew = actions.pay_again(back.id, pair.manager)
    run()
    assert {again(each).state for each in (ready, in_file, anew)} == {PaymentState.READY}
    assert not rail.sent and not rail.asked
    with write():
        outside.choose(ready.id, False, pair.manager)
    run()
    assert again(ready).state == PaymentState.PAID and len(rail.sent) == 1


def test_what_no_rail_could_send_is_not_given_to_one(pair, rail):
    rail.condition = false()
    payment = pair.owe()
    with pytest.raises(Refusal, match="not ready there"), write():
        outside.choose(payment.id, False, pair.manager)
    assert again(payment).rail == Rail.OUTSIDE


def test_who_was_held_up_so_long_that_the_claim_ran_out_sends_nothing(pair, rail, monkeypatch):
    payment = pair.owe()
    monkeypatch.setattr(sending, "CLAIMED_FOR", timedelta(0))
    run()
    assert not rail.sent and again(payment).state == PaymentState.SENDING


def test_an_old_refusal_says_nothing_of_what_is_sent_now(pair, rail):
    """The answer to the first key comes when the second is already under way."""
    payment = pair.owe()
    with write():
        sending.claim(payment.id, Rail.STRIPE)
    old = again(payment).idempotency_key
    with write():
        actions.settle(payment.id, Rail.STRIPE, Told(Answer.SHORT), old)
        sending.claim(payment.id, Rail.STRIPE)
    with pytest.raises(AlreadyChanged), write():
        actions.settle(payment.id, Rail.STRIPE, Told(Answer.SHORT), old)
    assert again(payment).state == PaymentState.SENDING


def test_what_is_not_found_counts_only_when_nothing_can_be_under_way(pair, rail):
    rail.answers, rail.found = [Answer.UNKNOWN], Answer.UNKNOWN
    payment = pair.owe()
    for _attempt in range(actions.MOST_ATTEMPTS):
        time_passes(payment.id)
        run()
    rail.found = Answer.NOT_FOUND
    assert sending.ask_again(payment.id, pair.manager) == Answer.UNKNOWN
    assert again(payment).held_reason == HeldReason.UNCLEAR
    time_passes(payment.id)
    assert sending.ask_again(payment.id, pair.manager) == Answer.NOT_FOUND
    assert again(payment).held_reason == HeldReason.NOT_SENT


def test_what_was_not_answered_is_asked_for_and_never_sent_again(pair, rail):
    rail.answers = [Answer.UNKNOWN]
    payment = pair.owe()
    run()
    assert again(payment).state == PaymentState.SENDING
    run()  # not yet: somebody may still be at it
    assert not rail.asked
    time_passes(payment.id)
    run()
    assert again(payment).state == PaymentState.PAID
    assert len(rail.sent) == len(rail.transfers) == 1


def test_what_the_rail_does_not_know_goes_again_under_the_same_key(pair, rail):
    """The process died between storing the intent and sending it."""
    payment = pair.owe()
    with write():
        sending.claim(payment.id, Rail.STRIPE)
    key = again(payment).idempotency_key
    time_passes(payment.id)
    run()
    assert rail.asked == [payment.reference] and rail.sent == [key]
    assert again(payment).state == PaymentState.PAID


def test_too_little_money_is_a_state_with_a_way_on(pair, rail):
    rail.answers = [Answer.SHORT, Answer.SHORT]
    first, second = pair.owe(500), pair.owe(700)
    run()
    assert {again(each).state for each in (first, second)} == {PaymentState.SHORT}
    told = mails_to(manager_address(pair))
    assert [mail.template.rpartition("/")[2] for mail in told] == ["short.txt"]
    keys = set(rail.sent)
    run()
    assert len(rail.sent) == 2
    with write():
        actions.money_came(pair.payer.id)
    run()
    assert {again(each).state for each in (first, second)} == {PaymentState.PAID}
    # A rail repeats what it said to a key, so each goes under a new one, after asking.
    assert len(rail.sent) == 4 and len(rail.asked) == 2
    assert not keys & set(rail.sent[2:])
    assert sum(pence for _name, pence in rail.transfers.values()) == 1_200


def manager_address(pair: Pair) -> str:
    """Where the payer's contract manager reads mails."""
    return db.session.get_one(Person, pair.manager.person_id).email


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer.REFUSED, HeldReason.REFUSED),
        (Answer.PAYEE_NOT_READY, HeldReason.PAYEE_NOT_READY),
    ],
)
def test_what_is_refused_is_held_and_goes_on_when_somebody_says_so(pair, rail, answer, reason):
    rail.answers = [answer]
    payment = pair.owe()
    run()
    held = again(payment)
    assert (held.state, held.held_reason) == (PaymentState.HELD, reason)
    run()
    assert len(rail.sent) == 1
    with write():
        if answer == Answer.REFUSED:
            outside.choose(payment.id, False, pair.manager)
        else:
            actions.payee_is_ready(pair.payer.id, pair.payee.id)
    run()
    assert again(payment).state == PaymentState.PAID and len(rail.transfers) == 1


def test_what_stays_unclear_is_held_and_cannot_be_paid_another_way_before_it_is_known(pair, rail):
    rail.answers, rail.found = [Answer.UNKNOWN], Answer.UNKNOWN
    payment = pair.owe()
    for _attempt in range(actions.MOST_ATTEMPTS):
        run()
        time_passes(payment.id)
    assert again(payment).held_reason == HeldReason.UNCLEAR
    assert len(rail.sent) == 1
    for act in (
        lambda: outside.choose(payment.id, True, pair.manager),
        lambda: outside.record([payment.id], payment.owed_from, "BACS 1", pair.manager),
    ):
        with pytest.raises(Exception, match="Stripe|payment service"), write():
            act()
    with write():
        actions.settle(payment.id, Rail.STRIPE, Told(Answer.NOT_FOUND))
    assert again(payment).held_reason == HeldReason.NOT_SENT
    with write():
        outside.choose(payment.id, True, pair.manager)
    run()
    assert again(payment).state == PaymentState.READY and len(rail.sent) == 1


def test_what_a_rail_says_twice_or_too_late_changes_nothing(pair, rail):
    payment = pair.owe()
    run()
    told = Told(Answer.PAID, again(payment).rail_reference)
    with write():
        actions.settle(payment.id, Rail.STRIPE, told)
        actions.settle(payment.id, Rail.STRIPE, Told(Answer.UNKNOWN))
    with pytest.raises(AlreadyChanged), write():
        actions.settle(payment.id, Rail.STRIPE, Told(Answer.PAID, "tr_another"))
    assert postings(payment) == ["payment:paid", "payment:transferred"]


def test_what_the_rail_takes_back_is_owed_again_and_paid_again_once(pair, rail):
    payment = pair.owe(900)
    run()
    with write():
        actions.came_back(payment.id)
        actions.came_back(payment.id)
    assert again(payment).return_reason == ReturnReason.REVERSED
    assert balance(pair.payable_id) == -900 and balance(pair.paid_id) == 0
    with write():
        fresh = actions.pay_again(payment.id, pair.manager)
    with pytest.raises(AlreadyChanged), write():
        actions.pay_again(payment.id, pair.manager)
    assert (fresh.cause_kind, fresh.cause_id) == (payment.cause_kind, payment.cause_id)
    run()
    assert again(fresh).state == PaymentState.PAID
    assert balance(pair.payable_id) == 0 and balance(pair.paid_id) == -900


ANSWERS = st.lists(st.sampled_from(list(Answer)), max_size=6)


@given(answers=ANSWERS, pence=st.integers(1, 10**9))
def test_whatever_the_rail_answers_money_goes_once_and_the_books_agree(pair, rail, answers, pence):
    rail.transfers.clear()
    rail.answers = [each for each in answers if each != Answer.NOT_FOUND]
    before = balance(pair.paid_id)
    payment = pair.owe(pence)
    for _round in range(2 * len(answers) + 3):
        run()
        time_passes(payment.id)
        if again(payment).state == PaymentState.HELD:
            with write():
                actions.settle(payment.id, Rail.STRIPE, rail.find(payment))
            if again(payment).state == PaymentState.HELD:
                with write():
                    outside.choose(payment.id, False, pair.manager)
    assert again(payment).state == PaymentState.PAID
    assert [each[1] for each in rail.transfers.values()] == [pence]
    assert before - balance(pair.paid_id) == pence
    assert balance(pair.payable_id) == 0
    sent = select(func.count()).where(Posting.cause_id == payment.id)
    assert db.session.scalar(sent) == 2
