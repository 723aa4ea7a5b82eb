"""What one payment sets going: the commissioner pays its share, the lead its partner."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from lots.contracts.books.models import ContractFunding
from lots.contracts.partners.models import PartnerPayment
from lots.contracts.partners.models import PaymentState as PartnerState
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db
from marketplace.payments.invoicing import sending
from marketplace.payments.invoicing.models import Invoice, InvoiceState
from marketplace.payments.queries import balance
from tests.journeys.deciding_scene import pass_to
from tests.journeys.money_scene import (
    LEAD,
    PARTNER,
    PARTNER_PERCENT,
    PCC_PERCENT,
    SHARED_FEE,
    Money,
)
from tests.journeys.thread import typed

SHARE = SHARED_FEE * PCC_PERCENT // 100
PART = SHARED_FEE * PARTNER_PERCENT // 100
OWED_AND_PAID = f"£{PART:,} £{PART:,}"
ORDER = "PO-2035/7"
AFTER_THE_20TH = date(2035, 1, 22)


def say_the_order_number(scene: Money) -> None:
    """The commissioner reads what is due, and gives the number its accounts office wants."""
    visitor = scene.as_("pcc", Role.COMMISSIONER_LEAD)
    visitor.go("/contributions")
    visitor.sees(f"£{SHARE:,}", scene.contract(scene.shared).reference)
    visitor.follow("Change the purchase-order number")
    visitor.press("Save", purchase_order=ORDER)
    visitor.sees("Saved. It stands on your invoices from now on.", ORDER)


def say_where_shares_are_paid(scene: Money) -> None:
    """The buyer's own bank details stand on its invoices."""
    visitor = scene.as_("region", Role.CONTRACT_MANAGER)
    visitor.go("/payments/bank-details/change")
    visitor.press(
        "Save", account_name="East Midlands", sort_code="20-00-00", account_number="55779911"
    )


def read_the_invoice(scene: Money) -> None:
    """After the 20th it waits on the front page and came by mail: what for, how, until when."""
    pass_to(scene, AFTER_THE_20TH)
    # Written in one round of the jobs, sent in the next.
    sending.send_due(clock.now())
    assert "issued" in scene.mails("pcc", Role.COMMISSIONER_LEAD)
    visitor = scene.as_("pcc", Role.COMMISSIONER_LEAD)
    visitor.follow(f"Pay 1 invoice, £{SHARE:,}")
    visitor.follow(_invoice().reference)
    visitor.sees(f"£{SHARE:,}", ORDER, "Sort code 20-00-00", "55779911", "December 2034")


def the_share_has_come(scene: Money) -> None:
    """The buyer records it; the commissioner sees it settled, and its statement says the same."""
    buyer = scene.as_("region", Role.CONTRACT_MANAGER)
    buyer.go(f"/invoices/{_invoice().id}")
    buyer.follow("Record as paid")
    buyer.press("Record as paid", typed("paid_on", clock.today()), reference="FPS 77")
    buyer.sees("Recorded as paid. The funder has been told.")
    visitor = scene.as_("pcc", Role.COMMISSIONER_LEAD)
    visitor.go("/contributions")
    visitor.follow("Statement for any days you choose")
    visitor.sees(f"£{SHARE:,}")
    invoice = _invoice()
    assert (invoice.state, invoice.pence) == (InvoiceState.SETTLED, SHARE * 100)
    own = ContractFunding.organisation_id == scene.organisations["pcc"].id
    funding = db.session.scalars(select(ContractFunding).where(own)).one()
    assert balance(funding.due_account_id) == 0
    assert balance(funding.received_account_id) == SHARE * 100


def state_what_the_partner_was_paid(scene: Money) -> None:
    """The lead is told what it owes for the month, pays it and states it."""
    visitor = scene.as_(LEAD, Role.FINANCE)
    visitor.follow("Pay the partners for December 2034")
    visitor.follow("State the payment")
    visitor.press("State the payment", typed("paid_on", clock.today()))
    visitor.sees("Stated. The partner is asked to confirm it.")
    visitor.go(f"/published-contracts/{scene.shared}")
    visitor.does_not_see(OWED_AND_PAID)


def confirm_it(scene: Money) -> None:
    """The partner finds it on its front page and says yes; only then it is public."""
    assert "stated" in scene.mails(PARTNER, Role.TRUSTEE)
    visitor = scene.as_(PARTNER, Role.TRUSTEE)
    visitor.follow("Say whether you were paid for December 2034")
    visitor.sees(f"Owed to you so far, net £{PART:,}", "Paid, as you confirmed £0")
    visitor.press("Yes, we were paid this December 2034")
    visitor.sees("Confirmed.", f"Paid, as you confirmed £{PART:,}")
    db.session.rollback()
    payment = db.session.scalars(select(PartnerPayment)).one()
    assert (payment.state, payment.pence) == (PartnerState.CONFIRMED, PART * 100)
    visitor.follow("What the public sees of this contract")
    visitor.sees(PARTNER, OWED_AND_PAID)


def _invoice() -> Invoice:
    db.session.rollback()
    return db.session.scalars(select(Invoice)).one()


STEPS = (
    say_the_order_number,
    say_where_shares_are_paid,
    read_the_invoice,
    the_share_has_come,
    state_what_the_partner_was_paid,
    confirm_it,
)
