"""Invoices: finished, sent, paid, settled, refused, disputed and withdrawn."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.support.standin import StandIn, StripeBody

ORDER = {"name": "Purchase order", "value": "PO-7781"}
BOTH = {"payment_method_types": ["bacs_debit", "customer_balance"]}


def finished(body: StripeBody, pence: int = 30_000, **more: Any) -> Any:
    """An open invoice to a funder."""
    client = body.client().v1
    funder = client.customers.create({"name": "A funder", "email": "money@funder.example"}).id
    terms = {"collection_method": "send_invoice", "days_until_due": 30, "custom_fields": [ORDER]}
    made = client.invoices.create({"customer": funder, "payment_settings": BOTH, **terms, **more})
    lines = [{"amount": pence - 1, "description": "A share"}, {"amount": 1, "description": "Rest"}]
    client.invoices.add_lines(made.id, {"lines": lines})
    return client.invoices.finalize_invoice(made.id)


def charge_of(body: StripeBody, invoice: str) -> Any:
    """As the product finds it: through the payment behind the invoice."""
    client = body.client().v1
    (link,) = client.invoice_payments.list({"invoice": invoice}).data
    intent = client.payment_intents.retrieve(
        link.payment.payment_intent, {"expand": ["latest_charge.balance_transaction"]}
    )
    return intent.latest_charge


def kinds_of(body: StripeBody, since: int = 0) -> list[str]:
    return [event["type"] for event in reversed(body.all("event"))][since:]


def test_an_invoice_has_its_lines_day_and_purchase_order(body: StripeBody):
    invoice = finished(body)
    assert (invoice.status, invoice.amount_due, invoice.total) == ("open", 30_000, 30_000)
    assert invoice.custom_fields[0].to_dict() == ORDER
    assert invoice.due_date - invoice.created == 30 * 86400
    assert [line.amount for line in invoice.lines.data] == [29_999, 1]
    sent = body.client().v1.invoices.send_invoice(invoice.id)
    assert sent.number and sent.hosted_invoice_url.startswith(body.stand_in.address)
    assert kinds_of(body)[-3:] == ["payment_intent.created", "invoice.finalized", "invoice.sent"]


def test_a_debit_is_paid_first_and_settled_later_less_its_fee(stand_in: StandIn, body: StripeBody):
    client, invoice = body.client().v1, finished(body).id
    body.pay_invoice(invoice, "bacs_debit")
    assert client.invoices.retrieve(invoice).status == "open"
    assert charge_of(body, invoice).status == "pending"
    stand_in.arrive()
    assert client.invoices.retrieve(invoice).status == "paid"
    moved = charge_of(body, invoice).balance_transaction
    assert (moved.status, moved.amount, moved.fee, moved.net) == ("pending", 30_000, 200, 29_800)
    assert (body.balance(), body.balance("pending")) == (100_000, 29_800)
    stand_in.arrive()
    assert charge_of(body, invoice).balance_transaction.status == "available"
    assert (body.balance(), body.balance("pending")) == (129_800, 0)
    assert "balance.available" in kinds_of(body)


@pytest.mark.parametrize(("pence", "fee"), [(100, 20), (5_000, 50), (900_000, 200), (15, 15)])
def test_the_fee_of_a_debit(stand_in: StandIn, body: StripeBody, pence: int, fee: int):
    invoice = finished(body, pence).id
    body.pay_invoice(invoice)
    stand_in.arrive()
    assert charge_of(body, invoice).balance_transaction.fee == fee


def test_a_bank_transfer_is_paid_at_once_and_settles(stand_in: StandIn, body: StripeBody):
    invoice = finished(body).id
    body.pay_invoice(invoice, "customer_balance")
    assert body.client().v1.invoices.retrieve(invoice).status == "paid"
    assert charge_of(body, invoice).balance_transaction.status == "pending"
    stand_in.arrive()
    assert body.balance() == 130_000


def test_a_refused_debit_leaves_the_invoice_open_to_be_paid_again(
    stand_in: StandIn, body: StripeBody
):
    invoice = finished(body).id
    body.pay_invoice(invoice, refused_later=True)
    stand_in.arrive()
    assert charge_of(body, invoice).status == "failed"
    assert "invoice.payment_failed" in kinds_of(body)
    assert body.client().v1.invoices.retrieve(invoice).status == "open"
    body.pay_invoice(invoice, "customer_balance")
    assert body.client().v1.invoices.retrieve(invoice).status == "paid"
    assert (body.balance("pending"), body.balance()) == (30_000, 100_000)


def test_a_dispute_after_payout_takes_the_money_though_it_has_gone(
    stand_in: StandIn, body: StripeBody
):
    client, invoice = body.client().v1, finished(body).id
    charge = body.pay_invoice(invoice, "customer_balance")["id"]
    stand_in.arrive()
    everything = {"amount": 130_000, "currency": "gbp", "destination": body.ready_account()}
    client.transfers.create(everything)
    before = len(kinds_of(body))
    body.dispute(charge)
    assert client.balance.retrieve().available[0].amount == -30_000
    (found,) = client.disputes.list({"charge": charge}).data
    assert (found.status, found.amount) == ("lost", 30_000)
    assert client.charges.retrieve(charge).disputed
    assert kinds_of(body, before) == [
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.closed",
    ]


@pytest.mark.parametrize(("won", "left"), [(True, 130_000), (False, 100_000)])
def test_an_open_dispute_is_decided(stand_in: StandIn, body: StripeBody, won: bool, left: int):
    invoice = finished(body).id
    charge = body.pay_invoice(invoice, "customer_balance")["id"]
    stand_in.arrive()
    dispute = body.dispute(charge, final=False)["id"]
    assert body.balance() == 100_000
    body.decide(dispute, won=won)
    assert body.client().v1.disputes.retrieve(dispute).status == ("won" if won else "lost")
    assert body.balance() == left


def test_what_is_withdrawn_can_no_longer_be_paid(body: StripeBody):
    invoice = finished(body).id
    assert body.client().v1.invoices.void_invoice(invoice).status == "void"
    with pytest.raises(stripe.InvalidRequestError):
        body.client().v1.invoices.pay(invoice, {"paid_out_of_band": True})


def test_what_is_being_collected_cannot_be_withdrawn(body: StripeBody):
    invoice = finished(body).id
    body.pay_invoice(invoice)
    with pytest.raises(stripe.InvalidRequestError, match="being processed"):
        body.client().v1.invoices.void_invoice(invoice)


def test_what_is_paid_outside_moves_nothing_here(body: StripeBody):
    invoice = finished(body).id
    paid = body.client().v1.invoices.pay(invoice, {"paid_out_of_band": True})
    assert (paid.status, paid.amount_remaining) == ("paid", 0)
    assert (body.balance(), body.balance("pending")) == (100_000, 0)


def test_a_finished_invoice_cannot_be_changed(body: StripeBody):
    client, invoice = body.client().v1, finished(body).id
    line = {"lines": [{"amount": 1}]}
    for call in (
        lambda: client.invoices.finalize_invoice(invoice),
        lambda: client.invoices.add_lines(invoice, line),
        lambda: client.invoices.update(invoice, {"description": "Else"}),
        lambda: client.invoices.delete(invoice),
    ):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            call()
        assert refused.value.code == "invoice_not_editable"
    assert client.invoices.update(invoice, {"metadata": {"a": "b"}}).metadata["a"] == "b"


def test_an_invoice_cannot_be_mailed_to_nobody(body: StripeBody):
    client = body.client().v1
    funder = client.customers.create({"name": "No address"}).id
    terms = {"collection_method": "send_invoice", "days_until_due": 1}
    made = client.invoices.create({"customer": funder, **terms}).id
    client.invoice_items.create({"customer": funder, "invoice": made, "amount": 5})
    with pytest.raises(stripe.InvalidRequestError, match="Missing email"):
        client.invoices.send_invoice(made)
    assert client.invoices.retrieve(made).status == "draft"
