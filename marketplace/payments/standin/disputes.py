"""A payment that its payer's bank takes back, also after the money has gone on."""

from __future__ import annotations

from marketplace.payments.standin import hooks
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.money import move
from marketplace.payments.standin.shapes import shape
from marketplace.payments.standin.store import Books, Thing, now

WEEK = 7 * 86400


def open_dispute(
    books: Books, merchant: str, charge: Thing, *, final: bool = True, reason: str = "general"
) -> Thing:
    """The bank takes the money back at once; `final` as for a Bacs debit: nothing can be said.

    Raises Refused where the charge has not succeeded or is disputed already.
    """
    if charge["status"] != "succeeded" or charge["disputed"]:
        raise Refused("Only a payment that has succeeded can be disputed, and only once.")
    body = shape(
        "dispute",
        amount=charge["amount"],
        balance_transactions=[],
        charge=charge["id"],
        created=now(),
        currency="gbp",
        enhanced_eligibility_types=[],
        evidence={},
        evidence_details={
            "due_by": None if final else now() + WEEK,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=False,
        payment_intent=charge["payment_intent"],
        payment_method_details={"type": charge["payment_method_details"]["type"]},
        reason=reason,
        status="lost" if final else "needs_response",
    )
    books.add(merchant, "", body)
    _move(books, merchant, body, -charge["amount"], "dispute")
    books.save(charge | {"disputed": True})
    hooks.emit(books, merchant, "", "charge.dispute.created", body)
    hooks.emit(books, merchant, "", "charge.dispute.funds_withdrawn", body)
    if final:
        hooks.emit(books, merchant, "", "charge.dispute.closed", body)
    return body


def _move(books: Books, merchant: str, body: Thing, pence: int, category: str) -> None:
    moved = move(
        *(books, merchant, "", "adjustment", pence, body["id"]),
        category=category,
        description=f"Dispute of {body['charge']}",
    )
    body["balance_transactions"].append(moved)
    books.save(body)


def decide(books: Books, merchant: str, body: Thing, *, won: bool) -> Thing:
    """The bank's decision on a dispute that was open: won brings the money back."""
    if body["status"] != "needs_response":
        raise Refused("This dispute is already closed.", begun=True)
    body["status"] = "won" if won else "lost"
    books.save(body)
    if won:
        _move(books, merchant, body, body["amount"], "dispute_reversal")
        hooks.emit(books, merchant, "", "charge.dispute.funds_reinstated", body)
    hooks.emit(books, merchant, "", "charge.dispute.closed", body)
    return body


def retrieve_dispute(call: Call, thing_id: str) -> Thing:
    """One dispute."""
    return call.get("dispute", thing_id)


def list_disputes(call: Call) -> Thing:
    """Disputes, newest first; of one charge or payment where asked."""
    names = ("charge", "payment_intent")
    return call.listing("dispute", **{n: call.params[n] for n in names if call.params.get(n)})


def close_dispute(call: Call, thing_id: str) -> Thing:
    """Give in: it is lost. Raises Refused."""
    return decide(call.books, call.merchant.id, call.get("dispute", thing_id), won=False)
