"""Every path the stand-in answers, each under the name of the library's own method for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from marketplace.payments.standin import (
    accounts,
    customers,
    disputes,
    drafts,
    endpoints,
    invoices,
    lists,
    money,
    payouts,
)
from marketplace.payments.standin.store import Thing


@dataclass(frozen=True)
class Route:
    """A path, and who answers it. `method` is what `StripeClient.v1` calls it."""

    verb: str
    path: str
    method: str
    handler: Callable[..., Thing]

    def match(self, verb: str, path: str) -> tuple[str, ...] | None:
        """The ids in the path, where it fits."""
        if verb != self.verb:
            return None
        pattern = re.sub(r"\{\w+\}", r"([\\w-]{1,120})", self.path)
        found = re.fullmatch(pattern, path)
        return found.groups() if found else None


def _route(asked: str, method: str, handler: Callable[..., Thing]) -> Route:
    verb, path = asked.split()
    return Route(verb, f"/v1/{path}", method, handler)


ROUTES = (
    _route("GET account", "accounts.retrieve_current", accounts.own),
    _route("POST accounts", "accounts.create", accounts.create_account),
    _route("GET accounts", "accounts.list", accounts.list_accounts),
    _route("GET accounts/{account}", "accounts.retrieve", accounts.retrieve_account),
    _route("POST accounts/{account}", "accounts.update", accounts.update_account),
    _route(
        "POST accounts/{account}/login_links",
        "accounts.login_links.create",
        accounts.create_login_link,
    ),
    _route("POST account_links", "account_links.create", accounts.create_link),
    _route("GET balance", "balance.retrieve", money.retrieve_balance),
    _route("GET balance_transactions", "balance_transactions.list", money.list_transactions),
    _route(
        "GET balance_transactions/{id}", "balance_transactions.retrieve", money.retrieve_transaction
    ),
    _route("GET charges", "charges.list", lists.list_charges),
    _route("GET charges/{charge}", "charges.retrieve", lists.retrieve_charge),
    _route("POST customers", "customers.create", customers.create_customer),
    _route("GET customers", "customers.list", customers.list_customers),
    _route("GET customers/{customer}", "customers.retrieve", customers.retrieve_customer),
    _route("POST customers/{customer}", "customers.update", customers.update_customer),
    _route("DELETE customers/{customer}", "customers.delete", customers.delete_customer),
    _route("GET disputes", "disputes.list", disputes.list_disputes),
    _route("GET disputes/{dispute}", "disputes.retrieve", disputes.retrieve_dispute),
    _route("POST disputes/{dispute}/close", "disputes.close", disputes.close_dispute),
    _route("GET events", "events.list", endpoints.list_events),
    _route("GET events/{id}", "events.retrieve", endpoints.retrieve_event),
    _route("GET invoice_payments", "invoice_payments.list", lists.list_invoice_payments),
    _route(
        "GET invoice_payments/{invoice_payment}",
        "invoice_payments.retrieve",
        lists.retrieve_invoice_payment,
    ),
    _route("POST invoiceitems", "invoice_items.create", drafts.create_item),
    _route("GET invoiceitems", "invoice_items.list", drafts.list_items),
    _route("GET invoiceitems/{invoiceitem}", "invoice_items.retrieve", drafts.retrieve_item),
    _route("DELETE invoiceitems/{invoiceitem}", "invoice_items.delete", drafts.delete_item),
    _route("POST invoices", "invoices.create", drafts.create_invoice),
    _route("GET invoices", "invoices.list", invoices.list_invoices),
    _route("GET invoices/{invoice}", "invoices.retrieve", invoices.retrieve_invoice),
    _route("POST invoices/{invoice}", "invoices.update", invoices.update_invoice),
    _route("DELETE invoices/{invoice}", "invoices.delete", invoices.delete_invoice),
    _route("POST invoices/{invoice}/add_lines", "invoices.add_lines", drafts.add_lines),
    _route("POST invoices/{invoice}/finalize", "invoices.finalize_invoice", invoices.finalize),
    _route("POST invoices/{invoice}/send", "invoices.send_invoice", invoices.send),
    _route("POST invoices/{invoice}/void", "invoices.void_invoice", invoices.void),
    _route(
        "POST invoices/{invoice}/mark_uncollectible",
        "invoices.mark_uncollectible",
        invoices.give_up,
    ),
    _route("POST invoices/{invoice}/pay", "invoices.pay", invoices.pay),
    _route("GET invoices/{invoice}/lines", "invoices.line_items.list", drafts.list_lines),
    _route("GET payment_intents", "payment_intents.list", lists.list_intents),
    _route("GET payment_intents/{intent}", "payment_intents.retrieve", lists.retrieve_intent),
    _route("GET payouts", "payouts.list", payouts.list_payouts),
    _route("GET payouts/{payout}", "payouts.retrieve", payouts.retrieve_payout),
    _route("POST topups", "topups.create", money.create_topup),
    _route("GET topups", "topups.list", money.list_topups),
    _route("GET topups/{topup}", "topups.retrieve", money.retrieve_topup),
    _route("POST topups/{topup}/cancel", "topups.cancel", money.cancel_topup),
    _route("POST transfers", "transfers.create", money.create_transfer),
    _route("GET transfers", "transfers.list", money.list_transfers),
    _route("GET transfers/{transfer}", "transfers.retrieve", money.retrieve_transfer),
    _route("POST transfers/{transfer}", "transfers.update", money.update_transfer),
    _route("POST transfers/{id}/reversals", "transfers.reversals.create", money.create_reversal),
    _route("GET transfers/{id}/reversals", "transfers.reversals.list", money.list_reversals),
    _route(
        "GET transfers/{transfer}/reversals/{id}",
        "transfers.reversals.retrieve",
        money.retrieve_reversal,
    ),
    _route("POST webhook_endpoints", "webhook_endpoints.create", endpoints.create_endpoint),
    _route("GET webhook_endpoints", "webhook_endpoints.list", endpoints.list_endpoints),
    _route(
        "GET webhook_endpoints/{webhook_endpoint}",
        "webhook_endpoints.retrieve",
        endpoints.retrieve_endpoint,
    ),
    _route(
        "DELETE webhook_endpoints/{webhook_endpoint}",
        "webhook_endpoints.delete",
        endpoints.delete_endpoint,
    ),
)
