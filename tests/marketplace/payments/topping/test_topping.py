"""Money for a body's balance: asked for once, followed, and what waited for it goes."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.payments.hooks.verifying import Told
from marketplace.payments.paying.actions import MOST_ATTEMPTS
from marketplace.payments.paying.models import PaymentState
from marketplace.payments.paying.sending import send_due
from marketplace.payments.queries import balance
from marketplace.payments.topping import asking
from marketplace.payments.topping.actions import Reading, ask, record
from marketplace.payments.topping.asking import ask_due
from marketplace.payments.topping.models import TopUp, TopUpState
from marketplace.payments.topping.queries import standing
from marketplace.payments.turns import Went
from marketplace.permissions import NotYours, Refused
from tests.support.mails import mails_to
from tests.support.people import acting_as, make_person, sign_in
from tests.support.stripes import AtStripe


def top_ups(at_stripe: AtStripe) -> list[TopUp]:
    """The body's top-ups as they are stored now."""
    own = select(TopUp).where(TopUp.body_id == at_stripe.body_id)
    return list(db.session.scalars(own.execution_options(populate_existing=True)))


def held(at_stripe: AtStripe) -> int:
    """Pence that the body holds at Stripe by our books."""
    return balance(at_stripe.account().balance_account_id)


def time_passes(at_stripe: AtStripe) -> None:
    """Whatever was to be waited for before the next attempt is over."""
    with write():
        for top_up in top_ups(at_stripe):
            top_up.try_at = clock.technical_now() - timedelta(seconds=1)


def arrive(at_stripe: AtStripe) -> None:
    """The money arrives, and Stripe tells so."""
    at_stripe.stand_in.arrive()
    at_stripe.hear(*at_stripe.events())


def test_from_a_payment_that_waits_to_the_money_that_lets_it_go(client, at_stripe):
    at_stripe.make_ready()
    payment = at_stripe.pair.owe(123_456)
    send_due(clock.now())
    manager = db.session.get_one(Person, at_stripe.pair.manager.person_id)
    sign_in(client, manager, at_stripe.pair.payer)
    assert "£1,234.56 is missing" in client.show("/").text
    short = client.show(f"/payments/{payment.id}")
    assert "£1,234.56 is missing" in short.text
    address = f"/payments/stripe/{at_stripe.body_id}"
    assert f"{address}/top-up" in short.html
    assert "£1,234.56 is missing" in client.show(address).text
    suggested = dict(client.show(f"{address}/top-up").form("Move it").values())
    assert suggested["amount"] == "1234.56"
    done = client.submit(f"{address}/top-up", "Move it").page
    assert "£1,234.56" in done.text and "is missing" not in done.text
    assert "is enough for all that waits" in client.show(f"/payments/{payment.id}").text
    ask_due(clock.now())
    assert "On its way" in client.show(address).text
    arrive(at_stripe)
    send_due(clock.now())
    assert at_stripe.payment(payment).state == PaymentState.PAID
    assert "Arrived" in client.show(address).text
    assert held(at_stripe) == at_stripe.stripe.balance() == 0
    assert "Statement: what came in and went out" in client.show(address).text
    statement = client.show(f"{address}/statement")
    assert "Money moved from the bank" in statement.text
    assert f'href="/payments/{payment.id}"' in statement.html, "it says where the money went"
    csv_file = client.get(f"{address}/statement.csv").get_data(as_text=True).lstrip("\ufeff")
    rows = list(csv.DictReader(StringIO(csv_file)))
    moved = [(row["money_in"], row["money_out"], row["balance"]) for row in rows[1:-1]]
    assert moved == [("1234.56", "", "1234.56"), ("", "1234.56", "0.00")]
    assert client.get(f"{address}/statement?first=x").status_code == 400


def test_pressed_twice_it_is_asked_for_once(client, at_stripe):
    manager = db.session.get_one(Person, at_stripe.pair.manager.person_id)
    sign_in(client, manager, at_stripe.pair.payer)
    page = client.show(f"/payments/stripe/{at_stripe.body_id}/top-up")
    for _press in range(2):
        client.submit(page, "Move it", amount="10")
    assert [each.pence for each in top_ups(at_stripe)] == [1_000]


@pytest.mark.parametrize("amount", ["0.99", "1000000", "-5", "", "ten", "1e9"])
def test_an_amount_that_stripe_does_not_take_is_refused_in_words(client, at_stripe, amount):
    manager = db.session.get_one(Person, at_stripe.pair.manager.person_id)
    sign_in(client, manager, at_stripe.pair.payer)
    address = f"/payments/stripe/{at_stripe.body_id}/top-up"
    page = client.submit(address, "Move it", amount=amount).page
    assert "There is a problem" in page.text and top_ups(at_stripe) == []


@pytest.mark.parametrize("fault", ["dropped", "broken_after", "conflict", "answered_late"])
def test_money_is_moved_once_whatever_the_network_does(at_stripe, fault):
    with write():
        ask(at_stripe.body_id, 5_000, at_stripe.pair.manager)
    at_stripe.stand_in.fault(fault, "POST /v1/topups", times=1, seconds=0.1)
    for _round in range(3):
        ask_due(clock.now())
        time_passes(at_stripe)
    arrive(at_stripe)
    assert [each["amount"] for each in at_stripe.stripe.all("topup")] == [5_000]
    assert [each.state for each in top_ups(at_stripe)] == [TopUpState.ARRIVED]
    assert held(at_stripe) == 5_000


@pytest.mark.parametrize(
    ("fault", "state"), [("broken_after", TopUpState.COMING), ("broken", TopUpState.FAILED)]
)
def test_what_stripe_never_answers_is_not_counted_on_told_and_asked_for_no_more(
    at_stripe, fault, state
):
    with write():
        ask(at_stripe.body_id, 5_000, at_stripe.pair.manager)
    # Stripe is not even to be looked at, so that each attempt is as unclear as the first.
    at_stripe.stand_in.fault(fault, "POST /v1/topups", times=100)
    at_stripe.stand_in.fault("broken", "GET /v1/topups", times=100)
    for _round in range(MOST_ATTEMPTS + 1):
        ask_due(clock.now())
        time_passes(at_stripe)
    assert [each.state for each in top_ups(at_stripe)] == [TopUpState.UNCLEAR]
    assert standing(at_stripe.account()).coming == 0
    told = mails_to(db.session.get_one(Person, at_stripe.pair.manager.person_id).email)
    assert [mail.template.rsplit("/", 1)[1] for mail in told] == ["unclear.txt"]
    at_stripe.stand_in.no_faults()
    for _round in range(2):
        ask_due(clock.now())
        time_passes(at_stripe)
    assert [each.state for each in top_ups(at_stripe)] == [state]
    assert len(at_stripe.stripe.all("topup")) == (fault == "broken_after")


def test_what_came_while_it_waited_for_its_turn_is_left_alone(at_stripe):
    with write():
        top_up = ask(at_stripe.body_id, 5_000, at_stripe.pair.manager)
        record(at_stripe.body_id, Reading("tu_1", top_up.id, 5_000, "succeeded", None))
    assert asking._follow(top_up.id) == Went.NOTHING
    assert [(each.attempts, each.try_at) for each in top_ups(at_stripe)] == [(0, None)]


def test_what_was_begun_at_stripe_itself_is_known_from_then_on(at_stripe):
    made = at_stripe.stripe.client().v1.topups.create({"amount": 7_000, "currency": "gbp"})
    for kind in ("topup.created", "topup.created"):
        at_stripe.hear(Told(f"evt_{made.id}", kind, made.id, None))
    (coming,) = top_ups(at_stripe)
    assert (coming.state, coming.pence, coming.asked_by_id) == (TopUpState.COMING, 7_000, None)
    at_stripe.stand_in.arrive()
    time_passes(at_stripe)
    ask_due(clock.now())  # no event came
    (arrived,) = top_ups(at_stripe)
    assert arrived.state == TopUpState.ARRIVED and held(at_stripe) == 7_000


@pytest.mark.parametrize("status", ["failed", "canceled"])
def test_what_did_not_come_is_told_and_moves_nothing(at_stripe, status):
    with write():
        top_up = ask(at_stripe.body_id, 5_000, at_stripe.pair.manager)
    reading = Reading("tu_1", top_up.id, 5_000, status, None)
    for _twice in range(2):
        with write():
            record(at_stripe.body_id, reading)
    assert [each.state for each in top_ups(at_stripe)] == [TopUpState.FAILED]
    assert held(at_stripe) == 0
    told = mails_to(db.session.get_one(Person, at_stripe.pair.manager.person_id).email)
    assert [mail.template.rsplit("/", 1)[1] for mail in told] == ["failed.txt"]


def test_what_the_bank_takes_back_leaves_the_books_in_any_order(at_stripe):
    with write():
        top_up = ask(at_stripe.body_id, 5_000, at_stripe.pair.manager)
    # Only its end is ever read: that it had arrived before is part of it.
    for _twice in range(2):
        with write():
            record(at_stripe.body_id, Reading("tu_1", top_up.id, 5_000, "reversed", None))
    assert [each.state for each in top_ups(at_stripe)] == [TopUpState.TAKEN_BACK]
    assert held(at_stripe) == 0


def test_only_who_pays_for_the_body_moves_its_money(at_stripe):
    stranger = acting_as(make_person(Role.CONTRACT_MANAGER))
    for by in (stranger, at_stripe.pair.finance):
        with pytest.raises(Refused), write():
            ask(at_stripe.body_id, 5_000, by)
    with pytest.raises(NotYours), write():
        ask(stranger.organisation_id, 5_000, stranger)
    assert top_ups(at_stripe) == []
