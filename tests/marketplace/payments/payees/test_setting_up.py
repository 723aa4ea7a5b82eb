"""A provider sets up its account: from the mail to the first payment, whatever goes wrong."""

from __future__ import annotations

import pytest
import stripe as library
from sqlalchemy import func, select

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.database import db, write
from marketplace.payments.payees import actions, following, opening
from marketplace.payments.payees.actions import Reading
from marketplace.payments.payees.models import PayeeAccount, PayeeState
from marketplace.payments.payees.words import wanted_in_words
from marketplace.payments.paying import outside
from marketplace.payments.paying.models import HeldReason, PaymentState
from marketplace.payments.paying.sending import send_due
from marketplace.permissions import Refused
from tests.support.mails import mails_to
from tests.support.people import make_person, sign_in
from tests.support.stripes import AtStripe


def mails(at_stripe: AtStripe) -> list[str]:
    """The templates of what the provider's finance person was sent."""
    finance = db.session.get_one(Person, at_stripe.pair.finance.person_id)
    return [mail.template.rsplit("/", 1)[1] for mail in mails_to(finance.email)]


def test_from_the_mail_to_the_first_payment(client, at_stripe):
    pair, before = at_stripe.pair, at_stripe.pair.owe(10_000)
    account = at_stripe.want()
    assert mails(at_stripe) == ["wanted.txt"]
    sign_in(client, db.session.get_one(Person, pair.finance.person_id), pair.payee)
    front = client.show("/")
    assert f"Set up how {pair.payer.name} pays you" in front.text
    page = client.submit(f"/payments/accounts/{account.id}", "Begin").page
    assert "Go on at Stripe" in page.text
    away = client.get(f"/payments/accounts/{account.id}/stripe")
    assert away.status_code == 303 and away.location.startswith(at_stripe.stand_in.address)
    at_stripe.stripe.finish_account(at_stripe.again(account).stripe_id or "")
    page = client.show(f"/payments/accounts/{account.id}/returned")
    assert "All is ready" in page.text
    assert at_stripe.again(account).state == PayeeState.STARTED  # a page writes nothing
    at_stripe.hear(*at_stripe.events())
    assert "All is ready" in client.show(f"/payments/accounts/{account.id}").text
    away = client.get(f"/payments/accounts/{account.id}/stripe")
    assert away.status_code == 303 and away.location.startswith(at_stripe.stand_in.address)
    at_stripe.stripe.give(30_000)
    payment = pair.owe(12_345)
    send_due(clock.now())
    paid = at_stripe.payment(payment)
    assert paid.state == PaymentState.PAID
    (transfer,) = at_stripe.stripe.all("transfer")
    assert (transfer["id"], transfer["amount"]) == (paid.rail_reference, 12_345)
    assert transfer["transfer_group"] == payment.reference
    assert transfer["metadata"] == {"payment": str(payment.id)}
    assert "ready.txt" in mails(at_stripe)
    # Somebody may be paying it at the bank just now.
    assert at_stripe.payment(before).state == PaymentState.READY
    with write():
        outside.choose(before.id, False, pair.manager)
    send_due(clock.now())
    assert at_stripe.payment(before).state == PaymentState.PAID


@pytest.mark.parametrize("fault", ["dropped", "broken_after", "answered_late"])
def test_an_account_is_opened_once_whatever_the_network_does(at_stripe, fault):
    account = at_stripe.want()
    at_stripe.stand_in.fault(fault, "POST /v1/accounts", times=1, seconds=0.1)
    try:
        opening.open_at_stripe(account.id, at_stripe.pair.finance)
    except library.StripeError:
        assert at_stripe.again(account).state == PayeeState.WANTED
        opening.open_at_stripe(account.id, at_stripe.pair.finance)
    (opened,) = at_stripe.stripe.all("account")
    assert at_stripe.again(account).stripe_id == opened["id"]


def test_stripe_is_told_nothing_about_people(at_stripe):
    account = at_stripe.make_ready()
    asked = at_stripe.stand_in.asked("POST", "/v1/account%")
    told = " ".join(str(each) for each in asked)
    finance = db.session.get_one(Person, at_stripe.pair.finance.person_id)
    assert str(account.id) in told
    assert finance.name not in told and finance.email not in told


def test_wanted_twice_is_wanted_once_and_a_body_without_stripe_wants_nothing(at_stripe):
    assert at_stripe.want().id == at_stripe.want().id
    assert mails(at_stripe) == ["wanted.txt"]
    with write():
        assert actions.want(at_stripe.pair.payee.id, at_stripe.body_id, None) is None
        assert actions.want(at_stripe.body_id, at_stripe.body_id, None) is None


@pytest.mark.parametrize(
    ("outcome", "state", "sentence"),
    [
        ("lacking", PayeeState.STARTED, "Stripe still needs something from you"),
        ("checking", PayeeState.WAITING, "Stripe is checking"),
        ("refused", PayeeState.REFUSED, "Stripe does not take your organisation on"),
    ],
)
def test_each_answer_of_stripe_says_what_to_do(client, at_stripe, outcome, state, sentence):
    account = at_stripe.make_ready(outcome)
    assert account.state == state
    finance = db.session.get_one(Person, at_stripe.pair.finance.person_id)
    sign_in(client, finance, at_stripe.pair.payee)
    assert sentence in client.show(f"/payments/accounts/{account.id}").text


def test_an_account_that_falls_back_holds_payments_and_goes_on_when_it_is_mended(at_stripe):
    account = at_stripe.make_ready()
    at_stripe.stripe.give(50_000)
    payment = at_stripe.pair.owe(5_000)
    at_stripe.stripe.finish_account(account.stripe_id or "", "lacking")
    send_due(clock.now())  # Stripe knows before we do
    held = at_stripe.payment(payment)
    assert (held.state, held.held_reason) == (PaymentState.HELD, HeldReason.PAYEE_NOT_READY)
    following.follow(account.id)
    assert at_stripe.again(account).state == PayeeState.STARTED
    assert "stopped.txt" in mails(at_stripe)
    at_stripe.stripe.finish_account(account.stripe_id or "")
    following.follow(account.id)
    send_due(clock.now())
    assert at_stripe.payment(payment).state == PaymentState.PAID
    assert len(at_stripe.stripe.all("transfer")) == 1


def test_of_two_overlapping_readings_none_is_believed(at_stripe):
    account = at_stripe.make_ready()
    begun = clock.technical_now()
    following.follow(account.id)
    with write():
        stale = Reading(PayeeState.STARTED, ["external_account"], begun)
        assert actions.record(account.id, stale) is False
    assert at_stripe.again(account).state == PayeeState.READY


def test_only_its_own_finance_people_set_an_account_up(client, at_stripe):
    account = at_stripe.want()
    with pytest.raises(Refused):
        opening.open_at_stripe(account.id, at_stripe.pair.manager)
    from marketplace.acting import Role

    sign_in(client, make_person(Role.FINANCE))
    for path in ("", "/stripe", "/returned"):
        assert client.get(f"/payments/accounts/{account.id}{path}").status_code == 404
    assert at_stripe.stripe.all("account") == []


def test_the_job_reads_what_no_event_told_of(at_stripe):
    account = at_stripe.want()
    opening.open_at_stripe(account.id, at_stripe.pair.finance)
    account = at_stripe.again(account)
    at_stripe.stripe.finish_account(account.stripe_id or "")
    assert following.follow_due(clock.now()) == 1
    assert at_stripe.again(account).state == PayeeState.READY
    assert following.follow_due(clock.now()) == 0


def test_what_stripe_asks_for_is_said_in_words():
    wants = ["external_account", "person_1Abc.dob.day", "person_1Abc.address.city", "new.thing"]
    assert wanted_in_words(wants) == [
        "the bank account to be paid into",
        "details of those who run the organisation",
        "something more, which Stripe’s pages name",
    ]


def test_a_body_pays_a_provider_by_one_account(at_stripe):
    at_stripe.make_ready()
    counted = select(func.count()).where(PayeeAccount.body_id == at_stripe.body_id)
    assert db.session.scalar(counted.select_from(PayeeAccount)) == 1
