"""Customers and the invoices they are sent; how these are paid is in `collecting`."""

from __future__ import annotations

import secrets
from typing import Any

from marketplace.payments.standin import collecting, forms
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.shapes import listed, shape
from marketplace.payments.standin.store import Thing, now

DAY = 86400
MOST_CUSTOM_FIELDS = 4


def create_invoice(call: Call) -> Thing:
    """A draft for a customer. Raises Refused."""
    given = call.params
    customer = call.get("customer", given.get("customer", ""), "customer", status=400)
    settings = collecting.payment_settings(given)
    body = shape(
        "invoice",
        account_country="GB",
        account_name=call.merchant.name,
        attempt_count=0,
        attempted=False,
        auto_advance=forms.truth(given, "auto_advance", False),
        automatic_tax={"enabled": False, "liability": None, "status": None}
        | {"disabled_reason": None, "provider": None},
        billing_reason="manual",
        collection_method=_collection_method(given),
        created=now(),
        currency=forms.pounds(given),
        custom_fields=_custom_fields(given),
        customer=customer["id"],
        customer_address=customer["address"],
        customer_email=customer["email"],
        customer_name=customer["name"],
        customer_tax_exempt="none",
        customer_tax_ids=[],
        default_tax_rates=[],
        description=given.get("description") or None,
        discounts=[],
        due_date=_due_date(given),
        footer=given.get("footer") or None,
        issuer={"type": "self"},
        metadata=forms.merged({}, given.get("metadata")),
        number=given.get("number") or None,
        payment_settings=settings,
        period_end=now(),
        period_start=now(),
        status="draft",
        status_transitions=dict.fromkeys(
            ("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")
        ),
        total_discount_amounts=[],
        **dict.fromkeys(ALWAYS_NOTHING, 0),
    )
    call.add(body)
    body["lines"] = listed([], f"/v1/invoices/{body['id']}/lines")
    _total(body)
    call.books.save(body)
    call.tell("invoice.created", body)
    if given.get("pending_invoice_items_behavior") == "include":
        waiting = [
            item
            for item in call.books.find(
                call.merchant.id, call.account, "invoiceitem", customer=customer["id"]
            )
            if item["invoice"] is None
        ]
        for item in reversed(waiting):
            body = _attach(call, body, item)
    return body


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


def _due_date(given: dict[str, Any]) -> int:
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


def _custom_fields(given: dict[str, Any]) -> list[Thing] | None:
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


def _draft(call: Call, thing_id: str, param: str = "id", status: int = 404) -> Thing:
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
    body = _draft(call, thing_id)
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
    invoice = _draft(call, given["invoice"], "invoice", 400) if given.get("invoice") else None
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


def retrieve_invoice(call: Call, thing_id: str) -> Thing:
    """One invoice as it stands now."""
    return call.get("invoice", thing_id)


def list_invoices(call: Call) -> Thing:
    """Invoices, newest first; by customer or status where asked."""
    names = ("customer", "status", "collection_method")
    return call.listing("invoice", **{n: call.params[n] for n in names if call.params.get(n)})


def update_invoice(call: Call, thing_id: str) -> Thing:
    """Metadata at any time; the words and the day only while it is a draft. Raises Refused."""
    given = call.params
    body = call.get("invoice", thing_id)
    if set(given) - {"metadata", "expand"}:
        body = _draft(call, thing_id)
        for name in ("description", "footer"):
            if name in given:
                body[name] = given[name] or None
        if "custom_fields" in given:
            body["custom_fields"] = _custom_fields(given)
        if given.get("due_date") or given.get("days_until_due"):
            body["due_date"] = _due_date(given)
        if "payment_settings" in given:
            body["payment_settings"] = collecting.payment_settings(given)
    body["metadata"] = forms.merged(body["metadata"], given.get("metadata"))
    call.tell("invoice.updated", body)
    return call.books.save(body)


def delete_invoice(call: Call, thing_id: str) -> Thing:
    """Only a draft. Raises Refused."""
    body = _draft(call, thing_id)
    call.books.remove(thing_id)
    call.tell("invoice.deleted", body)
    return shape("deleted_invoice", id=thing_id, deleted=True) | {"object": "invoice"}


def finalize(call: Call, thing_id: str) -> Thing:
    """From a draft to an invoice that can be paid. Raises Refused."""
    body = _draft(call, thing_id)
    customer = call.get("customer", body["customer"])
    body |= {
        "status": "open",
        "effective_at": now(),
        "ending_balance": 0,
        "hosted_invoice_url": f"{call.address}/invoice/{body['id']}/{secrets.token_urlsafe(18)}",
        "number": body["number"] or _next_number(call, customer),
    }
    body["status_transitions"]["finalized_at"] = now()
    call.books.save(body)
    collecting.open_payment(call, body)
    call.tell("invoice.finalized", body)
    if not body["amount_due"]:
        collecting.mark_paid(call.books, call.merchant.id, call.account, body)
    return body


def _next_number(call: Call, customer: Thing) -> str:
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04}"
    customer["next_invoice_sequence"] += 1
    call.books.save(customer)
    return number


def send(call: Call, thing_id: str) -> Thing:
    """Mail it to the customer (here: only say so); a draft is finalized first. Raises Refused."""
    body = call.get("invoice", thing_id)
    if body["status"] == "draft":
        body = finalize(call, thing_id)
    if body["status"] != "open":
        raise Refused(f"You cannot send an invoice that is {body['status']}.", begun=True)
    if not body["customer_email"]:
        raise Refused(
            "Missing email. In order to create invoices that are sent to the customer, the "
            "customer must have a valid email.",
            begun=True,
        )
    call.tell("invoice.sent", body)
    return body


def void(call: Call, thing_id: str) -> Thing:
    """Withdraw an open invoice; it can never be paid again. Raises Refused."""
    body = call.get("invoice", thing_id)
    if body["status"] not in ("open", "uncollectible"):
        raise Refused("You can only void an open invoice.", begun=True)
    if collecting.is_on_its_way(call.books, call.merchant.id, call.account, body):
        raise Refused("This invoice has a payment that is being processed.", begun=True)
    body["status"] = "void"
    body["status_transitions"]["voided_at"] = now()
    collecting.cancel_payment(call, body)
    call.tell("invoice.voided", body)
    return call.books.save(body)


def give_up(call: Call, thing_id: str) -> Thing:
    """Mark it uncollectible: for the books only, it may still be paid. Raises Refused."""
    body = call.get("invoice", thing_id)
    if body["status"] != "open":
        raise Refused("You can only mark an open invoice uncollectible.", begun=True)
    body["status"] = "uncollectible"
    body["status_transitions"]["marked_uncollectible_at"] = now()
    call.tell("invoice.marked_uncollectible", body)
    return call.books.save(body)


def pay(call: Call, thing_id: str) -> Thing:
    """Only as paid outside of Stripe. Raises Refused."""
    body = call.get("invoice", thing_id)
    if not forms.truth(call.params, "paid_out_of_band", False):
        raise Refused(
            "The stand-in collects money only on the invoice's own page.", param="paid_out_of_band"
        )
    if body["status"] not in ("open", "uncollectible"):
        raise Refused(f"Invoice is {body['status']}.", begun=True)
    collecting.cancel_payment(call, body)
    return collecting.mark_paid(call.books, call.merchant.id, call.account, body)
