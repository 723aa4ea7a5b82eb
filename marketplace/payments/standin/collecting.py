"""How an invoice is paid: the payment behind it, its charge, its settling, and a dispute of it."""

from __future__ import annotations

import secrets
from typing import Any

from marketplace.payments.standin import hooks
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.money import due_after, move
from marketplace.payments.standin.shapes import listed, shape
from marketplace.payments.standin.store import Books, Thing, now

WAYS = ("bacs_debit", "customer_balance")
BACS = "bacs_debit"
# Stripe's price of a Bacs Direct Debit: 1%, at least 20p, at most £2.
LEAST_FEE, MOST_FEE, FEE_DIVISOR = 20, 200, 100
# On a charge that is on its way: it will be refused by the bank.
REFUSED_LATER = "refer_to_customer"


def payment_settings(given: dict[str, Any]) -> Thing:
    """How a customer may pay: Bacs Direct Debit, bank transfer, or both. Raises Refused."""
    asked = given.get("payment_settings") or {}
    if not isinstance(asked, dict):
        raise Refused("Invalid object", param="payment_settings")
    types = asked.get("payment_method_types") or list(WAYS)
    if not isinstance(types, list) or not set(types) <= set(WAYS):
        raise Refused(
            "The stand-in only knows the payment methods bacs_debit and customer_balance.",
            param="payment_settings[payment_method_types]",
        )
    options = asked.get("payment_method_options") or {}
    return {
        "default_mandate": None,
        "payment_method_options": options or None,
        "payment_method_types": types,
    }


def open_payment(call: Call, invoice: Thing) -> None:
    """The payment that an open invoice waits for."""
    intent = shape(
        "payment_intent",
        amount=invoice["amount_due"],
        amount_capturable=0,
        amount_details={"tip": {}},
        amount_received=0,
        capture_method="automatic",
        client_secret=f"pi_secret_{secrets.token_hex(12)}",
        confirmation_method="automatic",
        created=now(),
        currency="gbp",
        customer=invoice["customer"],
        description=f"Invoice {invoice['number']}",
        payment_method_types=invoice["payment_settings"]["payment_method_types"],
        status="requires_payment_method",
    )
    call.add(intent)
    call.tell("payment_intent.created", intent)
    call.add(
        shape(
            "invoice_payment",
            amount_requested=invoice["amount_due"],
            created=now(),
            currency="gbp",
            invoice=invoice["id"],
            is_default=True,
            payment={"type": "payment_intent", "payment_intent": intent["id"]},
            status="open",
            status_transitions={"canceled_at": None, "paid_at": None},
        )
    )


def _behind(books: Books, merchant: str, account: str, invoice: Thing) -> tuple[Thing, Thing]:
    (paying,) = books.find(merchant, account, "invoice_payment", invoice=invoice["id"])
    intent = books.get(merchant, account, "payment_intent", paying["payment"]["payment_intent"])
    assert intent is not None
    return paying, intent


def is_on_its_way(books: Books, merchant: str, account: str, invoice: Thing) -> bool:
    """Whether a debit of it is being processed."""
    return _behind(books, merchant, account, invoice)[1]["status"] == "processing"


def cancel_payment(call: Call, invoice: Thing) -> None:
    """Nobody can pay it any more."""
    paying, intent = _behind(call.books, call.merchant.id, call.account, invoice)
    paying["status"] = "canceled"
    paying["status_transitions"]["canceled_at"] = now()
    intent |= {"status": "canceled", "canceled_at": now(), "cancellation_reason": "void_invoice"}
    call.books.save(paying)
    call.books.save(intent)
    call.tell("payment_intent.canceled", intent)


def pay_on_page(
    books: Books, merchant: str, invoice: Thing, way: str, refused_later: bool = False
) -> Thing:
    """What a customer does on the invoice's page; gives the charge. Raises Refused."""
    _paying, intent = _behind(books, merchant, "", invoice)
    if invoice["status"] not in ("open", "uncollectible") or intent["status"] == "processing":
        raise Refused("This invoice is not waiting to be paid.")
    if way not in invoice["payment_settings"]["payment_method_types"]:
        raise Refused("This invoice cannot be paid in this way.")
    charge = _pending_charge(invoice, intent, way, refused_later)
    books.add(merchant, "", charge, due_after(books.merchant(merchant)))
    charge["refunds"] = listed([], f"/v1/charges/{charge['id']}/refunds")
    intent |= {"status": "processing", "latest_charge": charge["id"]}
    intent["payment_method"] = charge["payment_method"]
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1}
    for body in (charge, intent, invoice):
        books.save(body)
    hooks.emit(books, merchant, "", "payment_intent.processing", intent)
    hooks.emit(books, merchant, "", "charge.pending", charge)
    if way != BACS:
        # A bank transfer is there when it is known of.
        books.wait(charge["id"], None)
        clear(books, merchant, "", charge)
    return charge


def _pending_charge(invoice: Thing, intent: Thing, way: str, refused_later: bool) -> Thing:
    return shape(
        "charge",
        amount=invoice["amount_due"],
        amount_captured=invoice["amount_due"],
        amount_refunded=0,
        billing_details={"address": None, "email": None, "name": None, "phone": None}
        | {"tax_id": None},
        captured=True,
        created=now(),
        currency="gbp",
        customer=invoice["customer"],
        description=intent["description"],
        disputed=False,
        failure_code=REFUSED_LATER if refused_later else None,
        fraud_details={},
        paid=False,
        payment_intent=intent["id"],
        payment_method=f"pm_{secrets.token_hex(12)}",
        payment_method_details={"type": way, way: {}},
        refunded=False,
        status="pending",
    )


def clear(books: Books, merchant: str, account: str, charge: Thing) -> None:
    """The bank has answered for a charge that was on its way."""
    intent = books.get(merchant, account, "payment_intent", charge["payment_intent"])
    assert intent is not None
    (paying,) = [
        each
        for each in books.find(merchant, account, "invoice_payment")
        if each["payment"]["payment_intent"] == intent["id"]
    ]
    invoice = books.get(merchant, account, "invoice", paying["invoice"])
    assert invoice is not None
    if charge["failure_code"]:
        _fail(books, merchant, charge, intent, invoice)
        return
    moved = _settling(books, merchant, charge)
    charge |= {"status": "succeeded", "paid": True, "balance_transaction": moved["id"]}
    intent |= {"status": "succeeded", "amount_received": charge["amount"]}
    paying |= {"status": "paid", "amount_paid": charge["amount"]}
    paying["status_transitions"]["paid_at"] = now()
    for body in (charge, intent, paying):
        books.save(body)
    hooks.emit(books, merchant, "", "charge.succeeded", charge)
    hooks.emit(books, merchant, "", "payment_intent.succeeded", intent)
    hooks.emit(books, merchant, "", "invoice_payment.paid", paying)
    mark_paid(books, merchant, "", invoice, charge["amount"])


def _settling(books: Books, merchant: str, charge: Thing) -> Thing:
    owner = books.merchant(merchant)
    bacs = charge["payment_method_details"]["type"] == BACS
    fee = min(max(charge["amount"] // FEE_DIVISOR, LEAST_FEE), MOST_FEE, charge["amount"])
    moved = move(
        *(books, merchant, "", "charge", charge["amount"], charge["id"]),
        fee=fee if bacs and owner.takes_fees else 0,
        pending=True,
        description=charge["description"],
    )
    books.wait(moved["id"], due_after(owner))
    return moved


def settle(books: Books, merchant: str, account: str, moved: Thing) -> None:
    """Money that was pending can be used."""
    moved |= {"status": "available", "available_on": now()}
    books.save(moved)
    pence = {name: books.balance(merchant, account, name) for name in ("available", "pending")}
    entries: dict[str, list[Thing]] = {
        name: [{"amount": value, "currency": "gbp", "source_types": {"card": value}}]
        for name, value in pence.items()
    }
    body = shape("balance", **entries, connect_reserved=[{"amount": 0, "currency": "gbp"}])
    hooks.emit(books, merchant, account, "balance.available", body)


def _fail(books: Books, merchant: str, charge: Thing, intent: Thing, invoice: Thing) -> None:
    message = "The bank could not collect the payment. The customer must speak to their bank."
    charge |= {"status": "failed", "failure_message": message}
    intent |= {
        "status": "requires_payment_method",
        "last_payment_error": {
            "charge": charge["id"],
            "code": REFUSED_LATER,
            "message": message,
            "type": "card_error",
        },
    }
    for body in (charge, intent):
        books.save(body)
    hooks.emit(books, merchant, "", "charge.failed", charge)
    hooks.emit(books, merchant, "", "payment_intent.payment_failed", intent)
    hooks.emit(books, merchant, "", "invoice.payment_failed", invoice)


def mark_paid(books: Books, merchant: str, account: str, invoice: Thing, paid: int = 0) -> Thing:
    """Nothing is open on it any more."""
    invoice |= {"status": "paid", "amount_paid": paid or invoice["amount_due"]}
    invoice["amount_remaining"] = 0
    invoice["status_transitions"]["paid_at"] = now()
    books.save(invoice)
    hooks.emit(books, merchant, account, "invoice.paid", invoice)
    hooks.emit(books, merchant, account, "invoice.payment_succeeded", invoice)
    return invoice
