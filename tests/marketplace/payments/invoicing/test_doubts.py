"""What is not known of an invoice at Stripe is looked at there, before anything else is done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import stripe as library
from sqlalchemy import select

from marketplace import clock
from marketplace.audit import AuditEvent
from marketplace.database import db
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.organisations.models import Organisation
from marketplace.payments.hooks.verifying import Told
from marketplace.payments.invoicing import actions, following, recording, sending
from marketplace.payments.invoicing.models import Invoice, InvoiceState, NotSent
from marketplace.payments.paying.actions import MOST_ATTEMPTS
from marketplace.payments.queries import balance
from tests.support import seeds
from tests.support.invoices import again, time_passes
from tests.support.people import written

ORDERS = seeds.repetitions(6, 100)


def run() -> None:
    """One round of both jobs, when whatever was waited for is over."""
    time_passes()
    sending.send_due(clock.now())
    following.follow_due(clock.now())


def unanswered(funded) -> Invoice:
    """One that stands at Stripe, open to be paid, of which nothing is known here."""
    invoice = funded.invoice()
    with written():
        sending.claim(invoice.id)
    sending.ask(invoice.id)
    return invoice


def held(funded, reason: NotSent) -> Invoice:
    """The same, and it was held in the meantime."""
    invoice = unanswered(funded)
    with written():
        actions.held(actions.locked(invoice.id), reason)
    return invoice


def statuses(at_stripe) -> list[str]:
    """How the invoices at the stand-in stand."""
    return [each["status"] for each in at_stripe.stripe.all("invoice")]


def test_a_refusal_after_a_lost_answer_is_none_before_it_was_looked(at_stripe, funded):
    """The address of the funder is spoilt between the attempt that was lost and the next."""
    at_stripe.stand_in.fault("dropped", "POST /v1/invoices/*/finalize", times=1)
    invoice = funded.invoice()
    run()
    assert again(invoice).state == InvoiceState.SENDING and statuses(at_stripe) == ["open"]
    with written():
        db.session.get_one(Organisation, funded.funder.id).contact_email = "no address"
    run()
    assert again(invoice).state == InvoiceState.SENT and statuses(at_stripe) == ["open"]


@pytest.mark.parametrize("reason", NotSent)
def test_what_stands_there_after_all_is_withdrawn_there_too(at_stripe, funded, reason):
    invoice = held(funded, reason)
    recording.withdraw(invoice.id, funded.manager)
    assert again(invoice).state == InvoiceState.VOID and statuses(at_stripe) == ["void"]


def test_an_unfinished_draft_is_removed_before_it_goes_another_way(at_stripe, funded):
    at_stripe.stand_in.fault("dropped", "POST /v1/invoices/*/add_lines", times=1)
    invoice = held(funded, NotSent.REFUSED)
    assert statuses(at_stripe) == ["draft"]
    recording.keep_from_stripe(invoice.id, funded.manager)
    run()
    assert statuses(at_stripe) == [] and not again(invoice).is_at_stripe


@pytest.mark.parametrize("reason", NotSent)
def test_what_stands_there_after_all_is_not_sent_another_way(at_stripe, funded, reason):
    invoice = held(funded, reason)
    with pytest.raises(AlreadyChanged):
        recording.keep_from_stripe(invoice.id, funded.manager)
    assert again(invoice).state == InvoiceState.SENT and again(invoice).is_at_stripe


def test_nothing_is_withdrawn_while_stripe_cannot_be_asked(at_stripe, funded):
    invoice = held(funded, NotSent.REFUSED)
    at_stripe.stand_in.fault("dropped", "GET /v1/invoices", times=1)
    with pytest.raises(library.APIConnectionError):
        recording.withdraw(invoice.id, funded.manager)
    assert again(invoice).state == InvoiceState.HELD and statuses(at_stripe) == ["open"]


@pytest.mark.parametrize("reason", NotSent)
def test_what_was_withdrawn_on_stripes_own_pages_is_withdrawn_here(at_stripe, funded, reason):
    """However it was held; and it can be asked for anew."""
    invoice = held(funded, reason)
    client = at_stripe.stripe.client()
    client.v1.invoices.void_invoice(at_stripe.stripe.all("invoice")[0]["id"])
    at_stripe.hear(*at_stripe.events())
    assert again(invoice).state == InvoiceState.VOID


@pytest.mark.parametrize("fault", ["dropped", "broken"])
def test_what_was_paid_into_the_bank_is_closed_at_stripe_in_the_end(at_stripe, funded, fault):
    """Whether Stripe had done it or not when it did not answer."""
    invoice = funded.invoice()
    run()
    at_stripe.stand_in.fault(fault, "POST /v1/invoices/*/pay", times=1)
    with pytest.raises(library.StripeError):
        recording.paid_outside(invoice.id, clock.today(), "FP 77", funded.manager)
    assert again(invoice).is_paid_elsewhere
    run()
    invoice = again(invoice)
    assert (invoice.state, invoice.paid_outside) == (InvoiceState.SETTLED, True)
    assert (invoice.paid_reference, statuses(at_stripe)) == ("FP 77", ["paid"])


def test_what_is_recorded_as_paid_is_neither_withdrawn_nor_asked_for_again(at_stripe, funded):
    """Stripe could not be told; somebody closes it on Stripe's own pages in the meantime."""
    invoice = funded.invoice()
    run()
    at_stripe.stand_in.fault("broken", "POST /v1/invoices/*/pay", times=1)
    with pytest.raises(library.StripeError):
        recording.paid_outside(invoice.id, clock.today(), "FP 77", funded.manager)
    with pytest.raises(Refusal, match="recorded as paid"):
        recording.withdraw(invoice.id, funded.manager)
    noted = select(AuditEvent.person_id).where(AuditEvent.action == "invoice:recorded")
    assert db.session.scalars(noted).all() == [funded.manager.person_id]
    at_stripe.stripe.client().v1.invoices.void_invoice(again(invoice).rail_reference)
    at_stripe.hear(*at_stripe.events())
    invoice = again(invoice)
    assert (invoice.state, invoice.paid_outside) == (InvoiceState.SETTLED, True)
    assert invoice.paid_reference == "FP 77"


def test_what_could_not_be_withdrawn_while_it_was_being_paid_can_be_when_that_failed(
    at_stripe, funded
):
    invoice = funded.invoice()
    run()
    at_stripe.stripe.pay_invoice(again(invoice).rail_reference, refused_later=True)
    with pytest.raises(AlreadyChanged):
        recording.withdraw(invoice.id, funded.manager)
    with pytest.raises(Refusal, match="being paid"):
        recording.paid_outside(invoice.id, clock.today(), "FP 77", funded.manager)
    at_stripe.stand_in.arrive()
    at_stripe.hear(*at_stripe.events())
    recording.withdraw(invoice.id, funded.manager)
    assert again(invoice).state == InvoiceState.VOID and statuses(at_stripe) == ["void"]


def test_what_fails_on_our_side_for_ever_ends_with_a_person(at_stripe, funded, monkeypatch):
    def broken(*_given) -> None:
        raise RuntimeError("of our own")

    monkeypatch.setattr(following, "record", broken)
    invoice = funded.invoice()
    for _attempt in range(MOST_ATTEMPTS):
        assert again(invoice).state != InvoiceState.HELD
        run()
    assert again(invoice).held_reason == NotSent.UNCLEAR and statuses(at_stripe) == ["open"]


def test_no_read_is_open_while_stripe_is_asked(app, at_stripe, funded, monkeypatch):
    asked = []

    class Watched(library.RequestsClient):
        def request(self, *given, **named):
            asked.append(db.session().in_transaction())
            return super().request(*given, **named)

    monkeypatch.setitem(app.extensions, "stripe_http", Watched())
    invoice = held(funded, NotSent.UNCLEAR)
    at_stripe.hear(*at_stripe.events())
    recording.withdraw(invoice.id, funded.manager)
    assert asked and not any(asked)


def stages(at_stripe, disputed: bool) -> Iterator[list[Told]]:
    """What happens to the newest invoice at Stripe, step by step, with what Stripe tells of it."""
    made = at_stripe.stripe.all("invoice")[0]["id"]

    def told(kind: str, object_id: str) -> Told:
        return Told(f"evt_{kind}_{made}", kind, object_id, None)

    yield [told("invoice.finalized", made), told("invoice.sent", made)]
    charge = at_stripe.stripe.pay_invoice(made)
    yield [told("payment_intent.processing", charge["payment_intent"])]
    while at_stripe.stand_in.arrive():
        pass
    yield [told("invoice.paid", made), told("payment_intent.succeeded", charge["payment_intent"])]
    if disputed:
        dispute = at_stripe.stripe.dispute(charge["id"])
        yield [told("charge.dispute.created", dispute["id"])]
    else:
        yield [told("invoice.updated", made)]


def test_six_events_in_any_order_come_to_the_same_end(at_stripe, funded):
    """Each comes late, in any order, one of them twice; every second payer takes it back."""
    chance = seeds.chance()
    for number in range(ORDERS):
        disputed = number % 2 == 1
        invoice = unanswered(funded)
        late: list[Told] = []
        heard: list[Told] = []
        for events in stages(at_stripe, disputed):
            late += events
            chance.shuffle(late)
            soon = chance.randint(0, len(late))
            heard += late[:soon]
            at_stripe.hear(*late[:soon])
            late = late[soon:]
        heard += late
        # Once more what was told before, as Stripe may send it under another name.
        twice = chance.choice(heard)
        again_told = Told(twice.id + "_again", twice.kind, twice.object_id, None)
        at_stripe.hear(*late, again_told)
        end = InvoiceState.LOST if disputed else InvoiceState.SETTLED
        assert len(heard) == 6 and again(invoice).state == end, heard
        books = balance(at_stripe.account().balance_account_id)
        assert books == at_stripe.stripe.balance(), heard
