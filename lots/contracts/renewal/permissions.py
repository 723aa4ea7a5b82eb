"""Who looks at the radar, who decides what comes next, and who begins the next lot."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.models import Contract
from lots.contracts.permissions import MANAGERS, is_buyer
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.acting import Acting, Role
from marketplace.permissions import policy, rule


class RenewalPermission(StrEnum):
    """What can be done about what comes after a contract."""

    SEE = "renewal:see"
    DECIDE = "renewal:decide"
    BEGIN = "renewal:begin"


def buys_or_audits(by: Acting, contract: Contract) -> bool:
    """The buyer's people, and the national auditor, who reads everything."""
    return is_buyer(by, contract) or by.has(Role.AUDITOR)


DECIDING = (*MANAGERS, Role.COMMISSIONING_OFFICER)
TABLE = {
    RenewalPermission.SEE: rule([*DECIDING, *DECIDERS, Role.AUDITOR], when=buys_or_audits),
    RenewalPermission.DECIDE: rule(DECIDING, when=is_buyer),
    RenewalPermission.BEGIN: rule(DRAFTERS, when=is_buyer),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
