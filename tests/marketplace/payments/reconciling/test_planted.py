"""Every kind of mismatch, planted into books that agree: each is found, under its right name."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.database import db
from marketplace.payments.invoicing import following
from marketplace.payments.invoicing.models import Invoice
from marketplace.payments.paying import sending
from marketplace.payments.reconciling import job
from marketplace.payments.reconciling.models import Mismatch, MismatchKind
from marketplace.payments.reconciling.words import CAUSES
from marketplace.payments.topping import asking
from tests.support.invoices import again
from tests.support.reconciling import changed, forget, later, planted, settled_invoice
from tests.support.stripes import AtStripe

NOT_HERE, NOT_THERE = MismatchKind.NOT_HERE, MismatchKind.NOT_THERE
AMOUNT, TWICE = MismatchKind.AMOUNT, MismatchKind.TWICE


def disputed(at_stripe: AtStripe) -> Invoice:
    """A share that was taken back, which is known here."""
    invoice = settled_invoice(at_stripe)
    at_stripe.stripe.dispute(invoice.charge_reference or "")
    following.follow(invoice.id)
    return again(invoice)


def topped_up(at_stripe: AtStripe) -> str:
    """Another top-up that is known here; what Stripe calls it."""
    at_stripe.stripe.give(20_000)
    made = at_stripe.stripe.all("topup")[0]["id"]
    asking.handle(at_stripe.body_id, made, None)
    return made


def transferred(at_stripe: AtStripe, known_as_back: bool = False) -> tuple[str, int]:
    """Another payment that went out, or came back as well; what Stripe calls it, and its pence."""
    payment = at_stripe.pair.owe(1_500)
    sending.send_due(clock.now())
    reference = at_stripe.payment(payment).rail_reference or ""
    if known_as_back:
        at_stripe.stripe.client().v1.transfers.reversals.create(reference, {})
        at_stripe.hear(*at_stripe.events())
    return reference, payment.pence


def differences(at_stripe: AtStripe) -> set[tuple[MismatchKind, str, str]]:
    """What a comparison finds: of which kind, what it was for, and of what."""
    job.compare(at_stripe.body_id)
    found = db.session.scalars(select(Mismatch)).all()
    assert all(each.owner_id == at_stripe.pair.manager.person_id for each in found)
    return {(each.kind, each.cause, each.reference) for each in found}


def test_every_planted_mismatch_is_found_under_its_right_name(
    paid: AtStripe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Payments, reversals, top-ups, shares, fees, disputes and the balance, all at once."""
    twice, other, failed = (transferred(paid) for _each in range(3))
    came_back = transferred(paid, known_as_back=True)[0]
    kept, lost_top_up, bank_took = (topped_up(paid) for _each in range(3))
    shares = [settled_invoice(paid).charge_reference or "" for _each in range(5)]
    share_other, share_fee, share_lost, share_twice, share_back = shares
    known, known_other = disputed(paid), disputed(paid)
    # The last one, so that it still lies on the provider's account.
    back = transferred(paid)
    later(monkeypatch)
    assert differences(paid) == set()

    planted(paid, "transfer", -twice[1], twice[0])
    changed(paid, other[0], amount=-other[1] + 1)
    paid.stripe.client().v1.transfers.reversals.create(back[0], {})
    planted(paid, "transfer_failure", failed[1], failed[0])
    forget(paid, paid.stripe.all("transfer_reversal", transfer=came_back)[0]["id"])
    planted(paid, "topup", 20_000, kept)
    forget(paid, lost_top_up)
    planted(paid, "topup_reversal", -20_000, bank_took)
    changed(paid, share_other, amount=49_000)
    changed(paid, share_fee, fee=1)
    forget(paid, share_lost)
    planted(paid, "charge", 50_000, share_twice)
    paid.stripe.dispute(share_back)
    changed(paid, known_other.dispute_reference or "", amount=-1, fee=150)
    planted(paid, "adjustment", 50_000, known.dispute_reference or "")
    planted(paid, "payout", -700, "po_somebody")
    real = job.held_at_stripe
    monkeypatch.setattr(job, "held_at_stripe", lambda body_id: real(body_id) - 5)
    later(monkeypatch)

    disputes = paid.stripe.all("dispute", charge=share_back)
    found = differences(paid)
    assert found == {
        (TWICE, "payment:transferred", twice[0]),
        (AMOUNT, "payment:transferred", other[0]),
        (NOT_HERE, "payment:reversed", back[0]),
        (NOT_HERE, "payment:reversed", failed[0]),
        (NOT_THERE, "payment:reversed", came_back),
        (TWICE, "top_up:arrived", kept),
        (NOT_THERE, "top_up:arrived", lost_top_up),
        (NOT_HERE, "top_up:taken_back", bank_took),
        (AMOUNT, "invoice:settled", share_other),
        (AMOUNT, "invoice:fee", share_fee),
        (NOT_THERE, "invoice:settled", share_lost),
        (NOT_THERE, "invoice:fee", share_lost),
        (TWICE, "invoice:settled", share_twice),
        (NOT_HERE, "invoice:taken_back", disputes[0]["id"]),
        (AMOUNT, "invoice:taken_back", known_other.dispute_reference),
        (NOT_HERE, "invoice:dispute_fee", known_other.dispute_reference),
        (NOT_HERE, "invoice:reinstated", known.dispute_reference),
        (NOT_HERE, "stripe:payout", "po_somebody"),
        (MismatchKind.BALANCE, "balance", ""),
    }
    # Nothing that our books know how to name was left out.
    assert {cause for _kind, cause, _reference in found} == set(CAUSES)
