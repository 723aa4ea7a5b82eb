"""Invoices while they are drafts: their words, their lines and the items behind these."""

from __future__ import annotations

from typing import Any

from marketplace.payments.standin import collecting, forms
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.shapes import listed, shape
from marketplace.payments.standin.store import Thing, now

DAY = 86400
MOST_CUSTOM_FIELDS = 4


def create_invoice(call: Call) -> Thing:
    """A draft for a customer, with its waiting items where that is asked. Raises Refused."""
    given = call.params
    customer = call.get("customer", given.get("customer", ""), "customer", status=400)
    body = call.add(_empty(call, customer) | _words(given))
    body["lines"] = listed([], f"/v1/invoices/{body['id']}/lines")
    _total(body)
    call.books.save(body)
    call.tell("invoice.created", body)
    if given.get("pending_invoice_items_behavior") == "include":
        items = call.books.find(
            call.merchant.id, call.account, "invoiceitem", customer=customer["id"]
        )
        for item in reversed(items):
            body = body if item["invoice"] else _attach(call, body, item)
    return body


def _words(given: dict[str, Any]) -> Thing:
    return {
        "auto_advance": forms.truth(given, "auto_advance", False),
        "collection_method": _collection_method(given),
        "currency": forms.pounds(given),
        "custom_fields": custom_fields(given),
        "description": given.get("description") or None,
        "due_date": due_date(given),
        "footer": given.get("footer") or None,
        "metadata": forms.merged({}, given.get("metadata")),
        "number": given.get("number") or None,
        "payment_settings": collecting.payment_settings(given),
    }


def _empty(call: Call, customer: Thing) -> Thing:
    steps = ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
    return shape(
        "invoice",
        account_country="GB",
        account_name=call.merchant.name,
        attempt_count=0,
        attempted=False,
        automatic_tax=dict.fromkeys(("disabled_reason", "liability", "provider", "status"))
        | {"enabled": False},
        billing_reason="manual",
        created=now(),
        customer=customer["id"],
        customer_address=customer["address"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        customer_tax_exempt="none",
        customer_tax_ids=[],
        default_tax_rates=[],
        discounts=[],
        issuer={"type": "self"},
        period_end=now(),
        period_start=now(),
        status="draft",
        status_transitions=dict.fromkeys(steps),
        total_discount_amounts=[],
        **dict.fromkeys(ALWAYS_NOTHING, 0),
    )


ALWAYS_NOTHING = (
    *("amount_overpaid", "amount_paid", "amount_shipping", "post_payment_credit_notes_amount"),
    *("pre_payment_credit_notes_amount", "starting_balance"),
)


def _collection_method(given: dict[str, Any]) -> str:
    method = given.get("collection_method", "charge_automatically")
    if method != "send_invoice":
        raise Refused(
            "The stand-in only knows collection_method send_invoice.", param="collection_method"
        )
    return method


def due_date(given: dict[str, Any]) -> int:
    """The second it is due, by the day or the days given. Raises Refused."""
    days, day = given.get("days_until_due"), given.get("due_date")
    if bool(days) == bool(day):
        raise Refused(
            "If the collection method is send_invoice, you must specify exactly one of "
            "days_until_due or due_date.",
            param="days_until_due",
        )
    if days:
        return now() + forms.whole(given, "days_until_due") * DAY
    due = forms.whole(given, "due_date")
    if due < now():
        raise Refused("Invalid timestamp: must be in the future.", param="due_date")
    return due


def custom_fields(given: dict[str, Any]) -> list[Thing] | None:
    """Up to four names with their values, like a purchase order. Raises Refused."""
    asked = given.get("custom_fields") or []
    well = isinstance(asked, list) and all(
        isinstance(each, dict) and set(each) == {"name", "value"} for each in asked
    )
    if not well or len(asked) > MOST_CUSTOM_FIELDS:
        raise Refused("Up to 4 custom fields with a name and a value.", param="custom_fields")
    for each in asked:
        if len(each["name"]) > 40 or len(each["value"]) > 140:
            raise Refused(
                "A custom field's name has up to 40 characters, its value up to 140.",
                param="custom_fields",
            )
    return asked or None


def _total(body: Thing) -> None:
    total = sum(line["amount"] for line in body["lines"]["data"])
    for name in ("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax"):
        body[name] = total
    body["amount_due"] = body["amount_remaining"] = total


def _attach(call: Call, invoice: Thing, item: Thing) -> Thing:
    item["invoice"] = invoice["id"]
    call.books.save(item)
    return _add_line(call, invoice, item["amount"], item["description"], item["metadata"], item)


def _add_line(
    call: Call,
    invoice: Thing,
    amount: int,
    description: str | None,
    metadata: dict[str, str],
    item: Thing | None = None,
) -> Thing:
    line = shape(
        "line_item",
        amount=amount,
        currency="gbp",
        description=description,
        discount_amounts=[],
        discountable=True,
        discounts=[],
        invoice=invoice["id"],
        metadata=metadata,
        parent={
            "invoice_item_details": {
                "invoice_item": item["id"] if item else None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": None,
            },
            "subscription_item_details": None,
            "type": "invoice_item_details",
        },
        period={"start": now(), "end": now()},
        quantity=1,
        quantity_decimal="1",
        subtotal=amount,
    )
    call.add(line)
    invoice["lines"]["data"].append(line)
    _total(invoice)
    return call.books.save(invoice)


def draft(call: Call, thing_id: str, param: str = "id", status: int = 404) -> Thing:
    """An invoice that can still be changed. Raises Refused."""
    body = call.get("invoice", thing_id, param, status)
    if body["status"] != "draft":
        raise Refused(
            "This invoice is already finalized, so it can no longer be edited.",
            "invoice_not_editable",
            begun=True,
        )
    return body


def add_lines(call: Call, thing_id: str) -> Thing:
    """More lines on a draft, each with its amount. Raises Refused."""
    body = draft(call, thing_id)
    lines = call.params["lines"]
    if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
        raise Refused("Invalid array", param="lines")
    for line in lines:
        body = _add_line(
            *(call, body, forms.pence(line), line.get("description")),
            forms.merged({}, line.get("metadata")),
        )
    return body


def list_lines(call: Call, thing_id: str) -> Thing:
    """The lines of an invoice, as they stand on it."""
    return call.page(call.get("invoice", thing_id)["lines"]["data"])


def create_item(call: Call) -> Thing:
    """An amount for a draft invoice, or for the customer's next one. Raises Refused."""
    given = call.params
    invoice = draft(call, given["invoice"], "invoice", 400) if given.get("invoice") else None
    customer = given.get("customer") or (invoice["customer"] if invoice else "")
    body = shape(
        "invoiceitem",
        amount=forms.pence(given),
        currency=forms.pounds(given),
        customer=call.get("customer", customer, "customer", status=400)["id"],
        date=now(),
        description=given.get("description") or None,
        discountable=True,
        discounts=[],
        metadata=forms.merged({}, given.get("metadata")),
        net_amount=forms.pence(given),
        period={"start": now(), "end": now()},
        proration=False,
        quantity=1,
        quantity_decimal="1",
        tax_rates=[],
    )
    call.add(body)
    call.tell("invoiceitem.created", body)
    if invoice:
        _attach(call, invoice, body)
    return body


def retrieve_item(call: Call, thing_id: str) -> Thing:
    """One item."""
    return call.get("invoiceitem", thing_id)


def list_items(call: Call) -> Thing:
    """Items, newest first; of one invoice or customer where asked."""
    names = ("invoice", "customer")
    return call.listing("invoiceitem", **{n: call.params[n] for n in names if call.params.get(n)})


def delete_item(call: Call, thing_id: str) -> Thing:
    """Only before its invoice is finalized. Raises Refused."""
    body = call.get("invoiceitem", thing_id)
    if body["invoice"]:
        raise Refused("This invoice item stands on an invoice.", begun=True)
    call.books.remove(thing_id)
    call.tell("invoiceitem.deleted", body)
    gone = shape("deleted_invoiceitem", id=thing_id, deleted=True)
    return gone | {"object": "invoiceitem"}
