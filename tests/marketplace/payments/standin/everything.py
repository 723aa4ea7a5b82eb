"""One walk through the whole of the stand-in, and the answers it gave, by the library's methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.standin import StandIn, StripeBody

Said = dict[str, list[dict[str, Any]]]
INVOICE = {"collection_method": "send_invoice", "days_until_due": 30}


class Walk:
    """Calls `StripeClient.v1` by the names of its methods and keeps every answer."""

    def __init__(self, body: StripeBody):
        self.body = body
        self.said: Said = {}
        self.events: list[dict[str, Any]] = []
        self._v1 = body.client().v1

    def ask(self, method: str, *given: Any, **options: Any) -> Any:
        """`ask("transfers.create", {...})`: the library's answer."""
        place: Callable[..., Any] = self._v1
        for name in method.split("."):
            place = getattr(place, name)
        answer = place(*given, **options)
        self.said.setdefault(method, []).append(answer.to_dict())
        return answer


def walk(stand_in: StandIn, body: StripeBody) -> Walk:
    """Every method that the stand-in answers, each at least once."""
    step = Walk(body)
    acct = _accounts(step)
    _money(step, stand_in, acct)
    _invoices(step, stand_in)
    _lists(step, acct)
    step.events = body.all("event") + body.all("event", account=acct)
    return step


def _accounts(step: Walk) -> str:
    step.ask("accounts.retrieve_current")
    acct = step.ask(
        "accounts.create",
        {
            "country": "GB",
            "business_profile": {"name": "St Mary's Centre"},
            "controller": {"stripe_dashboard": {"type": "express"}},
            "capabilities": {"transfers": {"requested": True}},
        },
    ).id
    links = {"return_url": "https://here.example/", "refresh_url": "https://here.example/again"}
    step.ask("account_links.create", {"account": acct, "type": "account_onboarding", **links})
    step.body.finish_account(acct)
    step.ask("accounts.retrieve", acct)
    step.ask("accounts.login_links.create", acct)
    step.ask("accounts.update", acct, {"metadata": {"payee": "7"}})
    return acct


def _money(step: Walk, stand_in: StandIn, acct: str) -> None:
    topup = step.ask("topups.create", {"amount": 500_000, "currency": "gbp"}).id
    given_up = step.ask("topups.create", {"amount": 100, "currency": "gbp"}).id
    step.ask("topups.cancel", given_up)
    stand_in.arrive()
    step.ask("topups.retrieve", topup)
    sent = {"amount": 12_345, "currency": "gbp", "destination": acct, "transfer_group": "PAY-1"}
    transfer = step.ask("transfers.create", sent).id
    step.ask("transfers.update", transfer, {"metadata": {"payment": "1"}})
    reversal = step.ask("transfers.reversals.create", transfer, {"amount": 45}).id
    step.ask("transfers.reversals.list", transfer)
    step.ask("transfers.reversals.retrieve", transfer, reversal)
    moved = step.ask("transfers.retrieve", transfer).balance_transaction
    step.ask("balance_transactions.retrieve", moved)
    stand_in.arrive()
    stand_in.arrive()


def _invoices(step: Walk, stand_in: StandIn) -> None:
    funder = step.ask("customers.create", {"name": "A funder", "email": "money@funder.example"}).id
    step.ask("customers.update", funder, {"description": "Pays a share"})
    step.ask("customers.retrieve", funder)
    item = step.ask("invoice_items.create", {"customer": funder, "amount": 5, "currency": "gbp"}).id
    step.ask("invoice_items.retrieve", item)
    step.ask("invoice_items.delete", item)
    draft = step.ask("invoices.create", {"customer": funder, **INVOICE}).id
    step.ask("invoices.delete", draft)
    paid, void, lost, outside = (_finished(step, funder) for _n in range(4))
    step.ask("invoices.void_invoice", void)
    step.ask("invoices.mark_uncollectible", outside)
    step.ask("invoices.pay", outside, {"paid_out_of_band": True})
    step.body.pay_invoice(paid, "customer_balance")
    charge = step.body.pay_invoice(lost)["id"]
    stand_in.arrive()
    stand_in.arrive()
    dispute = step.body.dispute(charge, final=False)["id"]
    step.ask("disputes.retrieve", dispute)
    step.ask("disputes.close", dispute)
    step.ask("charges.retrieve", charge)
    link = step.ask("invoice_payments.list", {"invoice": paid}).data[0]
    step.ask("invoice_payments.retrieve", link.id)
    step.ask("payment_intents.retrieve", link.payment.payment_intent)
    step.ask("invoices.retrieve", paid)
    step.ask("invoices.line_items.list", paid)
    step.ask("customers.delete", funder)
    other = step.ask("customers.create", {"name": "Another funder"}).id
    step.ask("invoice_items.create", {"customer": other, "amount": 5, "currency": "gbp"})


def _finished(step: Walk, funder: str) -> str:
    order = [{"name": "Purchase order", "value": "PO-7"}]
    made = step.ask("invoices.create", {"customer": funder, "custom_fields": order, **INVOICE}).id
    step.ask("invoices.add_lines", made, {"lines": [{"amount": 700, "description": "A share"}]})
    step.ask("invoices.update", made, {"description": "Shares of October"})
    step.ask("invoices.finalize_invoice", made)
    return step.ask("invoices.send_invoice", made).id


def _lists(step: Walk, acct: str) -> None:
    step.ask("balance.retrieve")
    lists = (
        *("accounts", "balance_transactions", "charges", "customers", "disputes", "events"),
        *("invoice_items", "invoices", "payment_intents", "topups", "transfers"),
    )
    for name in lists:
        step.ask(f"{name}.list", {"limit": 100})
    event = step.ask("events.list", {"type": "transfer.created"}).data[0]
    step.ask("events.retrieve", event.id)
    payouts = step.ask("payouts.list", {}, options={"stripe_account": acct})
    step.ask("payouts.retrieve", payouts.data[0].id, options={"stripe_account": acct})
    told = {"url": "https://here.example/events", "enabled_events": ["*"]}
    endpoint = step.ask("webhook_endpoints.create", told).id
    step.ask("webhook_endpoints.retrieve", endpoint)
    step.ask("webhook_endpoints.list")
    step.ask("webhook_endpoints.delete", endpoint)
