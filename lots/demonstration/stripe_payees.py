"""The demonstration's providers at Stripe: one all set up, one half-way, the others asked."""

from __future__ import annotations

from lots.demonstration.contracts import contract_of
from lots.demonstration.lots import find
from marketplace.demonstration.stripe_accounts import set_up_provider
from marketplace.demonstration.world import days_ago, on_the_day

# Of which contract's provider, what comes of it, and how many days ago. Until then all payments
# were made from the region's own bank.
SET_UP = (("women-north-east", "ready", 9), ("homes-north-east", "lacking", 2))


def build() -> None:
    """Have these providers go to Stripe's pages."""
    for key, outcome, days in SET_UP:
        lot = find(key)
        contract = contract_of(lot) if lot is not None else None
        if contract is not None:
            with on_the_day(days_ago(days)):
                set_up_provider(contract.buyer_id, contract.provider_id, outcome)
