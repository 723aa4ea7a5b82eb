"""Every path the stand-in answers, each under the name of the library's own method for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from marketplace.payments.standin import accounts, endpoints, money
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


ROUTES = (
    Route("GET", "/v1/account", "accounts.retrieve_current", accounts.own),
    Route("POST", "/v1/accounts", "accounts.create", accounts.create_account),
    Route("GET", "/v1/accounts", "accounts.list", accounts.list_accounts),
    Route("GET", "/v1/accounts/{account}", "accounts.retrieve", accounts.retrieve_account),
    Route("POST", "/v1/accounts/{account}", "accounts.update", accounts.update_account),
    Route("POST", "/v1/account_links", "account_links.create", accounts.create_link),
    Route("GET", "/v1/balance", "balance.retrieve", money.retrieve_balance),
    Route(
        *("GET", "/v1/balance_transactions", "balance_transactions.list"), money.list_transactions
    ),
    Route(
        *("GET", "/v1/balance_transactions/{id}", "balance_transactions.retrieve"),
        money.retrieve_transaction,
    ),
    Route("POST", "/v1/topups", "topups.create", money.create_topup),
    Route("GET", "/v1/topups", "topups.list", money.list_topups),
    Route("GET", "/v1/topups/{topup}", "topups.retrieve", money.retrieve_topup),
    Route("POST", "/v1/topups/{topup}/cancel", "topups.cancel", money.cancel_topup),
    Route("POST", "/v1/transfers", "transfers.create", money.create_transfer),
    Route("GET", "/v1/transfers", "transfers.list", money.list_transfers),
    Route("GET", "/v1/transfers/{transfer}", "transfers.retrieve", money.retrieve_transfer),
    Route("POST", "/v1/transfers/{transfer}", "transfers.update", money.update_transfer),
    Route(
        *("POST", "/v1/transfers/{id}/reversals", "transfers.reversals.create"),
        money.create_reversal,
    ),
    Route(
        *("GET", "/v1/transfers/{id}/reversals", "transfers.reversals.list"), money.list_reversals
    ),
    Route(
        *("GET", "/v1/transfers/{transfer}/reversals/{id}", "transfers.reversals.retrieve"),
        money.retrieve_reversal,
    ),
    Route("GET", "/v1/events", "events.list", endpoints.list_events),
    Route("GET", "/v1/events/{id}", "events.retrieve", endpoints.retrieve_event),
    Route(
        *("POST", "/v1/webhook_endpoints", "webhook_endpoints.create"), endpoints.create_endpoint
    ),
    Route("GET", "/v1/webhook_endpoints", "webhook_endpoints.list", endpoints.list_endpoints),
    Route(
        *("GET", "/v1/webhook_endpoints/{webhook_endpoint}", "webhook_endpoints.retrieve"),
        endpoints.retrieve_endpoint,
    ),
    Route(
        *("DELETE", "/v1/webhook_endpoints/{webhook_endpoint}", "webhook_endpoints.delete"),
        endpoints.delete_endpoint,
    ),
)
