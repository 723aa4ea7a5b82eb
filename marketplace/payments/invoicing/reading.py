"""Read at Stripe what has become of an invoice and of the money paid for it. Network only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from marketplace.payments.invoicing.models import Method

if TYPE_CHECKING:
    from stripe import StripeClient

METHODS_AT_STRIPE = {
    "bacs_debit": Method.DIRECT_DEBIT,
    "customer_balance": Method.BANK_TRANSFER,
}
MOST_LISTED = 100


class Money(StrEnum):
    """How far the money has come."""

    NONE = "none"
    COMING = "coming"
    FAILED = "failed"
    SETTLED = "settled"
    OUTSIDE = "outside"


class Dispute(StrEnum):
    """Whether the payer's bank has taken it back."""

    NONE = "none"
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True)
class Reading:
    """What Stripe says of one invoice; pence of money that came, and what Stripe kept of it."""

    reference: str
    status: str
    pay_page: str = ""
    money: Money = Money.NONE
    pence: int = 0
    fee_pence: int = 0
    charge: str | None = None
    method: Method | None = None
    available_at: datetime | None = None
    dispute: Dispute = Dispute.NONE
    dispute_reference: str | None = None
    dispute_pence: int = 0
    dispute_fee_pence: int = 0


def read(client: StripeClient, reference: str) -> Reading:
    """The invoice, its payment, its charge, and a dispute of that; as they are now."""
    invoice = client.v1.invoices.retrieve(reference)
    facts: dict[str, Any] = {
        "reference": invoice.id,
        "status": invoice.status or "",
        "pay_page": invoice.hosted_invoice_url or "",
    }
    if invoice.status in (None, "draft", "void"):
        return Reading(**facts)
    intent = _intent_of(client, reference)
    if intent is None or intent.latest_charge is None:
        outside = invoice.status == "paid"
        return Reading(**facts, money=Money.OUTSIDE if outside else Money.NONE)
    charge = client.v1.charges.retrieve(
        _id(intent.latest_charge), params={"expand": ["balance_transaction"]}
    )
    if invoice.status == "paid" and charge.status != "succeeded":
        # An attempt by debit failed before; then it was paid without Stripe.
        return Reading(**facts, money=Money.OUTSIDE)
    return Reading(**facts, **_of_charge(charge), **_of_dispute(client, charge))


def _intent_of(client: StripeClient, reference: str) -> Any:
    listed = client.v1.invoice_payments.list(
        params={
            "invoice": reference,
            "limit": MOST_LISTED,
            "expand": ["data.payment.payment_intent"],
        }
    )
    found = [each for each in listed.data if each.status != "canceled"]
    # The one that was paid before one that is open.
    found.sort(key=lambda each: each.status != "paid")
    return found[0].payment.payment_intent if found else None


def _id(thing: Any) -> str:
    return thing if isinstance(thing, str) else thing.id


def _of_charge(charge: Any) -> dict[str, Any]:
    facts: dict[str, Any] = {"charge": charge.id, "pence": charge.amount}
    details = charge.payment_method_details
    facts["method"] = METHODS_AT_STRIPE.get(details.type) if details is not None else None
    if charge.status == "failed":
        return facts | {"money": Money.FAILED}
    moved = charge.balance_transaction
    if charge.status != "succeeded" or moved is None:
        return facts | {"money": Money.COMING}
    return facts | {
        "money": Money.SETTLED if moved.status == "available" else Money.COMING,
        "fee_pence": moved.fee,
        "available_at": datetime.fromtimestamp(moved.available_on, UTC),
    }


def _of_dispute(client: StripeClient, charge: Any) -> dict[str, Any]:
    if not charge.disputed:
        return {}
    listed = client.v1.disputes.list(params={"charge": charge.id, "limit": MOST_LISTED})
    if not listed.data:
        return {}
    dispute = listed.data[0]
    taken = sum(-moved.amount for moved in dispute.balance_transactions if moved.amount < 0)
    if not taken and dispute.status != "lost":
        # Only an inquiry: no money has moved.
        return {}
    states = {"won": Dispute.WON, "lost": Dispute.LOST}
    return {
        "dispute": states.get(dispute.status, Dispute.OPEN),
        "dispute_reference": dispute.id,
        "dispute_pence": taken,
        "dispute_fee_pence": sum(moved.fee for moved in dispute.balance_transactions),
    }


def invoice_of_intent(client: StripeClient, intent: str) -> str | None:
    """Which invoice a payment at Stripe belongs to."""
    payment: Any = {"type": "payment_intent", "payment_intent": intent}
    listed = client.v1.invoice_payments.list(params={"payment": payment, "limit": 1})
    return _id(listed.data[0].invoice) if listed.data else None
