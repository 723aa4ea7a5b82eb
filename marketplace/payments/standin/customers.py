"""Those whom invoices are sent to: organisations, never people."""

from __future__ import annotations

import secrets
from typing import Any

from marketplace.payments.standin import forms
from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.errors import Refused
from marketplace.payments.standin.shapes import shape
from marketplace.payments.standin.store import Thing, now

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def create_customer(call: Call) -> Thing:
    """A customer. Raises Refused."""
    body = shape(
        "customer",
        balance=0,
        created=now(),
        delinquent=False,
        invoice_prefix=secrets.token_hex(4).upper(),
        invoice_settings=dict.fromkeys(
            ("custom_fields", "default_payment_method", "footer", "rendering_options")
        ),
        next_invoice_sequence=1,
        preferred_locales=[],
        tax_exempt="none",
    )
    _fill(body, call.params)
    call.add(body)
    call.tell("customer.created", body)
    return body


def _fill(body: Thing, given: dict[str, Any]) -> None:
    for name in ("description", "email", "name", "phone"):
        if name in given:
            body[name] = given[name] or None
    if body["email"] and "@" not in body["email"]:
        raise Refused(f"Invalid email address: {body['email'][:80]}", "email_invalid", "email")
    if isinstance(given.get("address"), dict):
        body["address"] = {name: given["address"].get(name) for name in ADDRESS}
    body["metadata"] = forms.merged(body["metadata"], given.get("metadata"))


def retrieve_customer(call: Call, thing_id: str) -> Thing:
    """One customer."""
    return call.get("customer", thing_id)


def list_customers(call: Call) -> Thing:
    """Customers, newest first."""
    email = call.params.get("email")
    return call.listing("customer", **({"email": email} if email else {}))


def update_customer(call: Call, thing_id: str) -> Thing:
    """Change what it is called and where it is. Raises Refused."""
    body = call.get("customer", thing_id)
    _fill(body, call.params)
    call.tell("customer.updated", body)
    return call.books.save(body)


def delete_customer(call: Call, thing_id: str) -> Thing:
    """Forget it; its invoices stay."""
    body = call.get("customer", thing_id)
    call.books.remove(thing_id)
    call.tell("customer.deleted", body)
    return shape("deleted_customer", id=thing_id, deleted=True) | {"object": "customer"}
