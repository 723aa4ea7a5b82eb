"""From a connected account to its owner's bank: by itself, a while after money came in."""

from __future__ import annotations

from marketplace.payments.standin import hooks
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.money import due_after, move
from marketplace.payments.standin.shapes import shape
from marketplace.payments.standin.store import Books, Thing, now

DAY = 86400


def pay_out(books: Books, merchant: str, account: str, _payment: Thing) -> None:
    """Send all that a connected account has to its bank."""
    owner = books.get(merchant, "", "account", account)
    pence = books.balance(merchant, account, "available")
    if owner is None or not owner["payouts_enabled"] or pence <= 0:
        return
    body = shape(
        "payout",
        amount=pence,
        arrival_date=now() + DAY,
        automatic=True,
        created=now(),
        currency="gbp",
        description="STRIPE PAYOUT",
        destination=owner["external_accounts"]["data"][0]["id"],
        method="standard",
        reconciliation_status="in_progress",
        source_type="card",
        status="in_transit",
        trace_id={"status": "pending", "value": None},
        type="bank_account",
    )
    books.add(merchant, account, body, due_after(books.merchant(merchant)))
    moved = move(books, merchant, account, "payout", -pence, body["id"])
    body["balance_transaction"] = moved["id"]
    books.save(body)
    hooks.emit(books, merchant, account, "payout.created", body)


def arrive(books: Books, merchant: str, account: str, body: Thing) -> None:
    """It is on the owner's bank account."""
    body |= {"status": "paid", "reconciliation_status": "completed"}
    body["trace_id"] = {"status": "supported", "value": body["id"][-12:]}
    books.save(body)
    hooks.emit(books, merchant, account, "payout.paid", body)


def retrieve_payout(call: Call, thing_id: str) -> Thing:
    """One payout of the account that is acted for."""
    return call.get("payout", thing_id)


def list_payouts(call: Call) -> Thing:
    """Its payouts, newest first."""
    status = call.params.get("status")
    return call.listing("payout", **({"status": status} if status else {}))
