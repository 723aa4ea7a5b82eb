"""Invoices once they are finished: sent, withdrawn, paid; drafts are in `drafts`."""

from __future__ import annotations

import secrets

from marketplace.payments.standin import collecting, forms
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.drafts import custom_fields, draft, due_date
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.shapes import shape
from marketplace.payments.standin.store import Thing, now


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
        body = draft(call, thing_id)
        for name in ("description", "footer"):
            if name in given:
                body[name] = given[name] or None
        if "custom_fields" in given:
            body["custom_fields"] = custom_fields(given)
        if given.get("due_date") or given.get("days_until_due"):
            body["due_date"] = due_date(given)
        if "payment_settings" in given:
            body["payment_settings"] = collecting.payment_settings(given)
    body["metadata"] = forms.merged(body["metadata"], given.get("metadata"))
    call.tell("invoice.updated", body)
    return call.books.save(body)


def delete_invoice(call: Call, thing_id: str) -> Thing:
    """Only a draft. Raises Refused."""
    body = draft(call, thing_id)
    call.books.remove(thing_id)
    call.tell("invoice.deleted", body)
    return shape("deleted_invoice", id=thing_id, deleted=True) | {"object": "invoice"}


def finalize(call: Call, thing_id: str) -> Thing:
    """From a draft to an invoice that can be paid. Raises Refused."""
    body = draft(call, thing_id)
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
