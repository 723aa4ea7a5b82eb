"""The rail over Stripe: what each fault means, and that no money goes twice."""

from __future__ import annotations

import pytest

from marketplace import clock
from marketplace.database import write
from marketplace.payments.bodies.actions import Keys, set_account
from marketplace.payments.hooks.verifying import Told
from marketplace.payments.payees.following import follow
from marketplace.payments.payees.sending import Transfers, handle
from marketplace.payments.paying.models import HeldReason, PaymentState, Rail
from marketplace.payments.paying.rails import Answer, senders
from marketplace.payments.paying.sending import send_due
from marketplace.payments.queries import balance
from marketplace.payments.stripes.clients import MOST_PENCE
from tests.support.paying import make_pair, time_passes
from tests.support.stripes import AtStripe, connect

RAIL = Transfers()


@pytest.fixture
def ready(at_stripe: AtStripe) -> AtStripe:
    """Money is there, and the provider is ready."""
    at_stripe.make_ready()
    at_stripe.stripe.give(100_000)
    return at_stripe


def held_at_stripe(at_stripe: AtStripe) -> int:
    """Pence that the body holds by our books, had it begun with what the stand-in was given."""
    return balance(at_stripe.account().balance_account_id)


@pytest.mark.parametrize(
    "fault", ["dropped", "broken", "broken_after", "conflict", "too_many", "answered_late"]
)
def test_one_transfer_whatever_happens_on_the_way(ready, fault):
    payment = ready.pair.owe(7_000)
    ready.stand_in.fault(fault, "POST /v1/transfers", times=1, seconds=0.1)
    for _round in range(4):
        send_due(clock.now())
        time_passes(payment.id)
    paid = ready.payment(payment)
    transfers = ready.stripe.all("transfer")
    assert paid.state == PaymentState.PAID
    assert [each["id"] for each in transfers] == [paid.rail_reference]
    assert held_at_stripe(ready) == -7_000


def test_without_money_it_waits_and_goes_when_money_came(at_stripe):
    at_stripe.make_ready()
    payment = at_stripe.pair.owe(30_000)
    send_due(clock.now())
    assert at_stripe.payment(payment).state == PaymentState.SHORT
    send_due(clock.now())
    assert at_stripe.stripe.all("transfer") == []
    at_stripe.stripe.give(30_000)
    (topup,) = at_stripe.stripe.all("topup")
    at_stripe.hear(Told("evt_topup", "topup.succeeded", topup["id"], None))
    send_due(clock.now())
    assert at_stripe.payment(payment).state == PaymentState.PAID
    assert held_at_stripe(at_stripe) == 0


def test_a_provider_that_is_not_ready_is_paid_from_the_buyers_bank(at_stripe):
    payment = at_stripe.pair.owe()
    at_stripe.want()
    send_due(clock.now())
    waiting = at_stripe.payment(payment)
    assert (waiting.state, waiting.rail) == (PaymentState.READY, Rail.OUTSIDE)


@pytest.mark.parametrize("pence", [MOST_PENCE, MOST_PENCE + 1])
def test_what_is_more_than_stripe_takes_in_one_piece_goes_from_the_bank(ready, pence):
    ready.stripe.give(MOST_PENCE + 1)
    payment = ready.pair.owe(pence)
    send_due(clock.now())
    went = PaymentState.PAID if pence <= MOST_PENCE else PaymentState.READY
    assert ready.payment(payment).state == went


def test_a_refusal_holds_the_payment_for_somebody(ready):
    payment = ready.pair.owe(5_000)
    ready.stripe.finish_account(ready.want().stripe_id or "", "lacking")
    send_due(clock.now())
    held = ready.payment(payment)
    assert (held.state, held.held_reason) == (PaymentState.HELD, HeldReason.PAYEE_NOT_READY)


def test_who_is_no_longer_ready_is_not_paid_another_way_while_it_may_have_been_sent(ready):
    payment = ready.pair.owe(5_000)
    ready.stand_in.fault("broken", "POST /v1/transfers", times=1)
    send_due(clock.now())
    ready.stripe.finish_account(ready.want().stripe_id or "", "lacking")
    follow(ready.want().id)
    time_passes(payment.id)
    send_due(clock.now())
    assert ready.payment(payment).state == PaymentState.SENDING
    assert ready.stripe.all("transfer") == []


def test_a_key_that_stripe_does_not_know_leaves_all_open(ready):
    payment = ready.pair.owe(5_000)
    with write():
        keys = Keys("sk_test_wrong", "whsec_x", "", ready.stand_in.address)
        set_account(ready.body_id, ready.stripe.id, keys)
    send_due(clock.now())
    assert ready.payment(payment).state == PaymentState.SENDING
    assert RAIL.find(ready.payment(payment)).answer == Answer.UNKNOWN
    with write():
        keys = Keys(ready.stripe.secret_key, "whsec_x", "", ready.stand_in.address)
        set_account(ready.body_id, ready.stripe.id, keys)
    time_passes(payment.id)
    send_due(clock.now())
    assert ready.payment(payment).state == PaymentState.PAID


def test_a_transfer_of_another_payment_is_not_taken_for_this_one(ready):
    first, second = ready.pair.owe(1_000), ready.pair.owe(1_000)
    ready.stripe.client().v1.transfers.create(
        {
            "amount": 1_000,
            "currency": "gbp",
            "destination": ready.want().stripe_id,
            "transfer_group": second.reference,
            "metadata": {"payment": str(first.id)},
        }
    )
    assert RAIL.find(ready.payment(second)).answer == Answer.NOT_FOUND


def test_a_transfer_taken_back_at_stripe_is_owed_again(ready):
    payment = ready.pair.owe(9_000)
    send_due(clock.now())
    paid = ready.payment(payment)
    transfer_id = paid.rail_reference or ""
    ready.stripe.client().v1.transfers.reversals.create(transfer_id, {})
    for _twice in range(2):
        handle(ready.body_id, transfer_id, None)
    assert ready.payment(payment).state == PaymentState.RETURNED
    assert held_at_stripe(ready) == 0
    assert RAIL.find(ready.payment(payment)).answer == Answer.NOT_FOUND


def test_another_bodys_event_changes_nothing(ready, stand_in):
    payment = ready.pair.owe(9_000)
    other = connect(make_pair(), stand_in)
    destination = other.make_ready().stripe_id
    other.stripe.give(9_000)
    transfer = other.stripe.client().v1.transfers.create(
        {
            "amount": 9_000,
            "currency": "gbp",
            "destination": destination,
            "metadata": {"payment": str(payment.id)},
        }
    )
    handle(other.body_id, transfer.id, None)
    assert ready.payment(payment).state == PaymentState.READY


def test_invented_money_never_goes_to_a_live_account(ready):
    payment = ready.pair.owe(9_000, is_demonstration=True)
    with write():
        account = ready.account()
        account.api_base, account.is_live = "", True
    later = ready.pair.owe(9_000, is_demonstration=True)
    send_due(clock.now())
    assert ready.payment(payment).state == PaymentState.HELD
    assert ready.payment(later).rail == Rail.OUTSIDE
    assert isinstance(senders()[Rail.STRIPE], Transfers)


def test_a_transfer_tells_stripe_which_payment_and_nothing_else(ready):
    payment = ready.pair.owe(9_000)
    send_due(clock.now())
    (transfer,) = ready.stripe.all("transfer")
    assert transfer["metadata"] == {"payment": str(payment.id)}
    assert transfer["description"] is None
