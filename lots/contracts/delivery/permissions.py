"""Who sees a contract's review, and who ends it."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.delivery.models import PriceReview
from lots.contracts.permissions import (
    MANAGERS,
    ContractPermission,
    is_buyer,
    is_party_or_auditor,
)
from lots.contracts.permissions import TABLE as CONTRACTS
from marketplace.acting import Acting
from marketplace.permissions import policy, rule


class DeliveryPermission(StrEnum):
    """What can be done with a price-and-places review."""

    SEE_REVIEW = "price_review:see"
    END_REVIEW = "price_review:end"


def sees(by: Acting, review: PriceReview) -> bool:
    """Both sides of its contract, and the national auditor."""
    return is_party_or_auditor(by, review.contract)


def buys(by: Acting, review: PriceReview) -> bool:
    """The organisation acted for buys under its contract."""
    return is_buyer(by, review.contract)


TABLE = {
    DeliveryPermission.SEE_REVIEW: rule(CONTRACTS[ContractPermission.SEE].roles, when=sees),
    DeliveryPermission.END_REVIEW: rule(MANAGERS, when=buys),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
