"""What can only be read: payments, charges, and which payment belongs to which invoice."""

from __future__ import annotations

from marketplace.payments.standin.calls import Call
from marketplace.payments.standin.store import Thing


def retrieve_charge(call: Call, thing_id: str) -> Thing:
    """One charge."""
    return call.get("charge", thing_id)


def list_charges(call: Call) -> Thing:
    """Charges, newest first; of one payment or customer where asked."""
    names = ("payment_intent", "customer")
    return call.listing("charge", **{n: call.params[n] for n in names if call.params.get(n)})


def retrieve_intent(call: Call, thing_id: str) -> Thing:
    """One payment."""
    return call.get("payment_intent", thing_id)


def list_intents(call: Call) -> Thing:
    """Payments, newest first; of one customer where asked."""
    customer = call.params.get("customer")
    return call.listing("payment_intent", **({"customer": customer} if customer else {}))


def retrieve_invoice_payment(call: Call, thing_id: str) -> Thing:
    """One link between an invoice and its payment."""
    return call.get("invoice_payment", thing_id)


def list_invoice_payments(call: Call) -> Thing:
    """Links, newest first; of one invoice, one payment or a status where asked."""
    given = call.params
    equal = {name: given[name] for name in ("invoice", "status") if given.get(name)}
    found = call.books.find(call.merchant.id, call.account, "invoice_payment", **equal)
    payment = given.get("payment")
    if isinstance(payment, dict) and payment.get("payment_intent"):
        wanted = payment["payment_intent"]
        found = [each for each in found if each["payment"]["payment_intent"] == wanted]
    return call.page(found)
