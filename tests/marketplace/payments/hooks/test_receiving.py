"""Events: who may tell us something, and what becomes of it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.payments.bodies.actions import Keys, set_account
from marketplace.payments.hooks import dealing
from marketplace.payments.hooks.actions import ATTEMPTS_TOLD, MOST_ATTEMPTS, store
from marketplace.payments.hooks.models import ReceivedEvent
from marketplace.payments.hooks.verifying import Told
from marketplace.payments.payees.models import PayeeAccount
from marketplace.payments.payees.sending import Transfers
from marketplace.payments.paying.models import Payment, PaymentState, Rail
from marketplace.payments.paying.sending import claim
from marketplace.payments.queries import balance
from marketplace.payments.stripes.handlers import handlers
from marketplace.payments.topping.actions import ask
from marketplace.payments.topping.models import TopUp, TopUpState
from tests.support import seeds
from tests.support.paying import make_pair
from tests.support.people import make_organisation, make_person, sign_in
from tests.support.stripes import AtStripe, connect, letter, post_letter, signed

ORDERS = seeds.repetitions(20, 100)


def stored(at_stripe: AtStripe) -> list[ReceivedEvent]:
    """What was kept of this body's events."""
    own = select(ReceivedEvent).where(ReceivedEvent.body_id == at_stripe.body_id)
    return list(db.session.scalars(own.execution_options(populate_existing=True)))


LETTER = letter("evt_1", "transfer.created", "tr_1")


def test_a_signed_event_is_stored_once_however_often_it_comes(client, at_stripe):
    headers = signed(LETTER, at_stripe.stripe.webhook_secret)
    for _again in range(3):
        assert post_letter(client, at_stripe.body_id, LETTER, headers) == 200
    (event,) = stored(at_stripe)
    assert (event.kind, event.object_id) == ("transfer.created", "tr_1")


@pytest.mark.parametrize(
    "case",
    ["no signature", "nonsense", "another secret", "another body's", "tampered", "old", "not text"],
)
def test_what_stripe_did_not_sign_just_now_is_refused_without_effect(
    client, at_stripe, stand_in, case
):
    secret = at_stripe.stripe.webhook_secret
    other = connect(make_pair(), stand_in).stripe.webhook_secret
    old = int(time.time()) - 301
    payload, headers = {
        "no signature": (LETTER, {}),
        "nonsense": (LETTER, {"Stripe-Signature": "t=1,v1=\u00e9"}),
        "another secret": (LETTER, signed(LETTER, "whsec_guessed")),
        "another body's": (LETTER, signed(LETTER, other)),
        "tampered": (LETTER.replace("tr_1", "tr_2"), signed(LETTER, secret)),
        "old": (LETTER, signed(LETTER, secret, old)),
        "not text": (b"\xff\xfe", signed(LETTER, secret)),
    }[case]
    assert post_letter(client, at_stripe.body_id, payload, headers) == 422
    assert stored(at_stripe) == []


@pytest.mark.parametrize(
    "payload",
    ["[]", "null", "{}", '{"id": 7, "type": "transfer.created"}', "no json", LETTER[:-5]]
    + [letter("e" * 121, "transfer.created", "tr_1"), letter("", "transfer.created", "tr_1")],
)
def test_what_is_signed_but_no_event_is_refused_and_breaks_nothing(client, at_stripe, payload):
    headers = signed(payload, at_stripe.stripe.webhook_secret)
    assert post_letter(client, at_stripe.body_id, payload, headers) == 422
    assert stored(at_stripe) == []


def test_an_event_for_nobody_or_far_too_long_is_refused(client, at_stripe):
    headers = signed(LETTER, at_stripe.stripe.webhook_secret)
    assert post_letter(client, make_organisation().id, LETTER, headers) == 404
    long = letter("evt_1", "transfer.created", "t" * 600_000)
    headers = signed(long, at_stripe.stripe.webhook_secret)
    assert post_letter(client, at_stripe.body_id, long, headers) == 413


def test_connected_accounts_events_may_be_signed_with_their_own_secret(client, at_stripe):
    with write():
        keys = at_stripe.account()
        keys = Keys(keys.secret_key, keys.webhook_secret, "whsec_connect", keys.api_base)
        set_account(at_stripe.body_id, at_stripe.stripe.id, keys)
    told = letter("evt_2", "account.updated", "acct_9", "acct_9")
    assert post_letter(client, at_stripe.body_id, told, signed(told, "whsec_connect")) == 200
    (event,) = stored(at_stripe)
    assert event.account_id == "acct_9"


def test_what_nobody_deals_with_is_answered_and_not_kept(client, at_stripe):
    told = letter("evt_3", "radar.early_fraud_warning.created", "issfr_1")
    headers = signed(told, at_stripe.stripe.webhook_secret)
    assert post_letter(client, at_stripe.body_id, told, headers) == 200
    assert stored(at_stripe) == []


def test_what_fails_is_kept_and_tried_again(client, at_stripe, monkeypatch, app):
    seen: list[str] = []

    def handle(body_id, object_id, account_id):
        seen.append(object_id)
        if len(seen) == 1:
            raise ConnectionError("Stripe is away")

    monkeypatch.setitem(handlers(app), "transfer.", handle)
    headers = signed(LETTER, at_stripe.stripe.webhook_secret)
    post_letter(client, at_stripe.body_id, LETTER, headers)
    assert dealing.deal(clock.now()) == 0
    (event,) = stored(at_stripe)
    assert (event.failure, event.handled_at) == ("ConnectionError", None)
    assert dealing.deal(clock.now()) == 0 and len(seen) == 1
    with write():
        stored(at_stripe)[0].try_at = clock.technical_now()
    assert dealing.deal(clock.now()) == 1 and seen == ["tr_1", "tr_1"]
    assert dealing.deal(clock.now()) == 0
    (event,) = stored(at_stripe)
    assert event.handled_at is not None and event.failure is None


def test_the_event_of_an_object_that_stripe_does_not_know_waits_and_harms_nothing(at_stripe):
    assert at_stripe.hear(Told("evt_x", "transfer.created", "tr_unknown", None)) == 0
    (event,) = stored(at_stripe)
    assert event.failure == "InvalidRequestError"


def test_what_fails_again_and_again_waits_for_the_administrator(client, at_stripe):
    at_stripe.hear(Told("evt_x", "transfer.created", "tr_unknown", None))
    administrator = make_person(Role.ADMINISTRATOR)
    sign_in(client, administrator)
    told = "Something that Stripe told could not be dealt with"
    assert told not in client.show("/").text
    assert "Leave it" not in client.show(f"/payments/stripe/{at_stripe.body_id}").text
    with write():
        stored(at_stripe)[0].attempts = 5
    assert told in client.show("/").text
    page = client.show(f"/payments/stripe/{at_stripe.body_id}")
    assert "transfer.created" in page.text and "InvalidRequestError" in page.text


def test_what_fails_for_ever_holds_up_nothing_and_ends_with_a_person(client, at_stripe):
    """However often it was tried; until the administrator has it tried anew, or leaves it."""
    with write():
        for name, attempts in (("evt_a", 1_000), ("evt_b", MOST_ATTEMPTS - 1)):
            store(at_stripe.body_id, Told(name, "transfer.created", "tr_unknown", None))
            db.session.flush()
            db.session.get_one(ReceivedEvent, (at_stripe.body_id, name)).attempts = attempts
    at_stripe.make_ready()
    known = next(each for each in at_stripe.events() if each.kind == "account.updated")
    assert at_stripe.hear(known) == 1
    assert {each.id: each.attempts for each in stored(at_stripe)} == {
        "evt_a": 1_000,
        "evt_b": MOST_ATTEMPTS,
        known.id: 1,
    }
    with write():
        for each in stored(at_stripe):
            each.try_at = clock.technical_now()
    dealing.deal(clock.now())
    assert max(each.attempts for each in stored(at_stripe) if each.id != "evt_a") == MOST_ATTEMPTS
    sign_in(client, make_person(Role.ADMINISTRATOR))
    page = f"/payments/stripe/{at_stripe.body_id}"
    assert "is not tried any more" in client.show(page).text
    client.submit(page, "Try again now")
    dealing.deal(clock.now())
    assert {each.attempts for each in stored(at_stripe)} == {1}
    with write():
        for each in stored(at_stripe):
            each.attempts = ATTEMPTS_TOLD
    client.submit(page, "Leave it: it is cleared up")
    assert all(each.handled_at for each in stored(at_stripe))
    assert "could not be dealt with" not in client.show("/").text


@dataclass
class Happened:
    """One payment whose process died before it wrote down that the transfer was made."""

    payment: Payment
    top_up: TopUp
    transfer_id: str
    events: list[Told]


def happen(at_stripe: AtStripe, account: PayeeAccount, taken_back: bool) -> Happened:
    """Money is topped up and sent at Stripe; here nothing of it is known yet."""
    payment = at_stripe.pair.owe(40_000)
    with write():
        top_up = ask(at_stripe.body_id, 40_000, at_stripe.pair.manager)
    made = at_stripe.stripe.client().v1.topups.create(
        {"amount": 40_000, "currency": "gbp", "metadata": {"top_up": str(top_up.id)}}
    )
    at_stripe.stand_in.arrive()
    with write():
        claim(payment.id, Rail.STRIPE)
    told = Transfers().send(at_stripe.payment(payment))
    assert told.reference is not None
    kinds = ["transfer.created", "transfer.updated"]
    if taken_back:
        at_stripe.stripe.client().v1.transfers.reversals.create(told.reference, {})
        kinds.append("transfer.reversed")
    events = [Told(f"evt_{kind}_{payment.id}", kind, told.reference, None) for kind in kinds]
    for kind in ("topup.created", "topup.succeeded"):
        events.append(Told(f"evt_{kind}_{payment.id}", kind, made.id, None))
    events.append(Told(f"evt_balance_{payment.id}", "balance.available", "", None))
    about = account.stripe_id or ""
    events.append(Told(f"evt_account_{payment.id}", "account.updated", about, about))
    return Happened(payment, top_up, told.reference, events)


def test_events_of_one_payment_in_any_order_come_to_the_same_end(at_stripe):
    """Six events, and in every second payment that the transfer was taken back in the meantime."""
    account, chance = at_stripe.make_ready(), seeds.chance()
    held = 0
    for number in range(ORDERS):
        taken_back = number % 2 == 1
        happened = happen(at_stripe, account, taken_back)
        events = [*happened.events, chance.choice(happened.events)]
        chance.shuffle(events)
        at_stripe.hear(*events[:3])
        at_stripe.hear(*events[3:])
        payment = at_stripe.payment(happened.payment)
        end = PaymentState.RETURNED if taken_back else PaymentState.PAID
        assert (payment.state, payment.rail_reference) == (end, happened.transfer_id), events
        top_up = db.session.get_one(TopUp, happened.top_up.id, populate_existing=True)
        assert top_up.state == TopUpState.ARRIVED, events
        held += 40_000 if taken_back else 0
        assert balance(at_stripe.account().balance_account_id) == held, events
    assert at_stripe.stripe.balance() == held
    assert len(at_stripe.stripe.all("transfer")) == ORDERS
