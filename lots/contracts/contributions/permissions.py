"""Who sees shares, who enters a purchase-order number, and who asks for what is due."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.books.models import ContractFunding
from lots.contracts.books.permissions import BUYERS
from lots.contracts.permissions import MANAGERS
from marketplace.acting import Acting, Role
from marketplace.permissions import policy, rule


class SharePermission(StrEnum):
    """What can be done about shares."""

    SEE = "share:see"
    SEE_OWED = "share:see_owed"
    SET_ORDER = "share:set_order"
    ASK = "share:ask"


def pays(by: Acting, funding: ContractFunding) -> bool:
    """The organisation acted for pays this share of a contract that another buys."""
    own = funding.organisation_id == by.organisation_id
    return own and funding.contract.buyer_id != by.organisation_id


TABLE = {
    SharePermission.SEE: rule(BUYERS),
    SharePermission.SEE_OWED: rule([*BUYERS, Role.AUDITOR]),
    SharePermission.SET_ORDER: rule(MANAGERS, when=pays),
    SharePermission.ASK: rule(MANAGERS, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
