"""The merchant's balance: top-ups in, transfers out and back, and every movement of it."""

from __future__ import annotations

import time
from typing import Any

from marketplace.payments.standin import forms
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.shapes import listed, shape
from marketplace.payments.standin.store import Books, Merchant, Thing, now

DAY = 86400
# Until it is told to: in some ten thousand years.
NOT_BY_ITSELF = 1e12


def move(
    books: Books,
    merchant: str,
    account: str,
    kind: str,
    amount: int,
    source: str,
    *,
    fee: int = 0,
    category: str = "",
    pending: bool = False,
    description: str | None = None,
) -> Thing:
    """Write a movement of a balance, in pence: what came in is positive."""
    fees = [_fee(fee)] if fee else []
    return books.add(
        merchant,
        account,
        shape(
            "balance_transaction",
            amount=amount,
            available_on=now() + (3 * DAY if pending else 0),
            created=now(),
            currency="gbp",
            description=description,
            fee=fee,
            fee_details=fees,
            net=amount - fee,
            reporting_category=category or kind,
            source=source,
            status="pending" if pending else "available",
            type=kind,
            balance_type="payments",
        ),
    )


def _fee(fee: int) -> Thing:
    return {
        "amount": fee,
        "application": None,
        "currency": "gbp",
        "description": "Stripe processing fees",
        "type": "stripe_fee",
    }


def need(call: Call, account: str, pence: int) -> None:
    """Raises Refused, kept under its key, where the available balance is too small."""
    if call.books.balance(call.merchant.id, account, "available") < pence:
        raise Refused(
            "You have insufficient available funds in your Stripe account. One likely reason you "
            "have insufficient funds is that your funds are automatically being paid out; try "
            "enabling manual payouts.",
            "balance_insufficient",
            begun=True,
        )


def retrieve_balance(call: Call) -> Thing:
    """What is available and what is on its way."""
    pence = {
        status: call.books.balance(call.merchant.id, call.account, status)
        for status in ("available", "pending")
    }
    entries: dict[str, list[dict[str, Any]]] = {
        status: [{"amount": value, "currency": "gbp", "source_types": {"card": value}}]
        for status, value in pence.items()
    }
    reserved = [{"amount": 0, "currency": "gbp"}]
    return shape("balance", **entries, connect_reserved=reserved)


def list_transactions(call: Call) -> Thing:
    """Every movement, newest first."""
    equal = {name: call.params[name] for name in ("source", "type") if call.params.get(name)}
    return call.listing("balance_transaction", **equal)


def retrieve_transaction(call: Call, thing_id: str) -> Thing:
    """One movement."""
    return call.get("balance_transaction", thing_id)


def create_topup(call: Call) -> Thing:
    """Money is asked of the merchant's bank; it can be used when it has succeeded."""
    body = shape(
        "topup",
        amount=forms.pence(call.params),
        created=now(),
        currency=forms.pounds(call.params),
        description=call.params.get("description"),
        expected_availability_date=now() + DAY,
        metadata=forms.merged({}, call.params.get("metadata")),
        statement_descriptor=call.params.get("statement_descriptor"),
        status="pending",
        transfer_group=call.params.get("transfer_group"),
    )
    call.add(body, due_after(call.merchant))
    call.tell("topup.created", body)
    return body


def due_after(merchant: Merchant) -> float:
    """When money that is on its way arrives by itself."""
    if merchant.settle_seconds is None:
        return NOT_BY_ITSELF
    return time.time() + merchant.settle_seconds


def retrieve_topup(call: Call, thing_id: str) -> Thing:
    """One top-up."""
    return call.get("topup", thing_id)


def list_topups(call: Call) -> Thing:
    """All top-ups, newest first."""
    status = call.params.get("status")
    return call.listing("topup", **({"status": status} if status else {}))


def cancel_topup(call: Call, thing_id: str) -> Thing:
    """Only while it is pending. Raises Refused."""
    body = call.get("topup", thing_id)
    if body["status"] != "pending":
        raise Refused(f"Topup {thing_id} cannot be canceled.", begun=True)
    body["status"] = "canceled"
    call.books.save(body)
    call.books.wait(body["id"], None)
    call.tell("topup.canceled", body)
    return body


def create_transfer(call: Call) -> Thing:
    """Move money to a connected account. Raises Refused."""
    destination = _destination(call)
    amount = forms.pence(call.params)
    body = shape(
        "transfer",
        amount=amount,
        amount_reversed=0,
        created=now(),
        currency=forms.pounds(call.params),
        description=call.params.get("description"),
        destination=destination["id"],
        metadata=forms.merged({}, call.params.get("metadata")),
        reversed=False,
        source_type="card",
        transfer_group=call.params.get("transfer_group"),
    )
    need(call, "", amount)
    call.add(body)
    body["reversals"] = listed([], f"/v1/transfers/{body['id']}/reversals")
    moved = move(call.books, call.merchant.id, "", "transfer", -amount, body["id"])
    body["balance_transaction"] = moved["id"]
    arrived = arrive(call, destination["id"], amount, body["id"])
    body["destination_payment"] = arrived["id"]
    call.books.save(body)
    call.tell("transfer.created", body)
    return body


def _destination(call: Call) -> Thing:
    destination = call.get("account", call.params["destination"], "destination", status=400)
    if destination["capabilities"].get("transfers") != "active":
        raise Refused(
            "Your destination account needs to have at least one of the following capabilities "
            "enabled: transfers, crypto_transfers, legacy_payments",
            "insufficient_capabilities_for_transfer",
            begun=True,
        )
    return destination


def arrive(call: Call, account: str, amount: int, transfer: str) -> Thing:
    """The payment that a connected account sees."""
    payment = shape(
        "charge",
        id=f"py_{transfer.removeprefix('tr_')}",
        amount=amount,
        amount_captured=amount,
        amount_refunded=0,
        captured=True,
        created=now(),
        currency="gbp",
        disputed=False,
        paid=True,
        refunded=False,
        status="succeeded",
    )
    call.books.add(call.merchant.id, account, payment, due_after(call.merchant))
    moved = move(call.books, call.merchant.id, account, "payment", amount, payment["id"])
    payment["balance_transaction"] = moved["id"]
    return call.books.save(payment)


def retrieve_transfer(call: Call, thing_id: str) -> Thing:
    """One transfer."""
    return call.get("transfer", thing_id)


def update_transfer(call: Call, thing_id: str) -> Thing:
    """Its metadata and description."""
    body = call.get("transfer", thing_id)
    body["metadata"] = forms.merged(body["metadata"], call.params.get("metadata"))
    if "description" in call.params:
        body["description"] = call.params["description"] or None
    call.tell("transfer.updated", body)
    return call.books.save(body)


def list_transfers(call: Call) -> Thing:
    """All transfers, newest first; by group or destination where asked."""
    names = ("transfer_group", "destination")
    return call.listing("transfer", **{n: call.params[n] for n in names if call.params.get(n)})


def create_reversal(call: Call, transfer_id: str) -> Thing:
    """Take a transfer back, all that is left of it or a part. Raises Refused."""
    transfer = call.get("transfer", transfer_id)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = forms.pence(call.params) if call.params.get("amount") else left
    if not 0 < amount <= left:
        raise Refused(
            f"Transfer {transfer_id} has £{left / 100:.2f} left to be reversed.",
            "parameter_invalid_integer",
            "amount",
            begun=True,
        )
    need(call, transfer["destination"], amount)
    body = shape(
        "transfer_reversal",
        amount=amount,
        created=now(),
        currency="gbp",
        metadata=forms.merged({}, call.params.get("metadata")),
        transfer=transfer_id,
    )
    call.add(body)
    back = move(call.books, call.merchant.id, "", "transfer_refund", amount, body["id"])
    move(
        *(call.books, call.merchant.id, transfer["destination"], "payment_refund", -amount),
        transfer["destination_payment"],
    )
    body["balance_transaction"] = back["id"]
    call.books.save(body)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].insert(0, body)
    call.books.save(transfer)
    call.tell("transfer.reversed", transfer)
    return body


def list_reversals(call: Call, transfer_id: str) -> Thing:
    """What was taken back of one transfer."""
    call.get("transfer", transfer_id)
    return call.listing("transfer_reversal", transfer=transfer_id)


def retrieve_reversal(call: Call, transfer_id: str, thing_id: str) -> Thing:
    """One of them."""
    call.get("transfer", transfer_id)
    return call.get("transfer_reversal", thing_id)
