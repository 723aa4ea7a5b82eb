"""Who pays a grant's instalments, who writes its report, and who accepts it."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.grants.models import GrantReport
from lots.contracts.models import Side
from lots.contracts.permissions import (
    CONFIRMERS,
    MANAGERS,
    ContractPermission,
    is_buyer,
    is_party_or_auditor,
    is_provider,
)
from lots.contracts.permissions import TABLE as CONTRACTS
from marketplace.acting import Acting
from marketplace.permissions import policy, rule


class GrantPermission(StrEnum):
    """What can be done with a grant in life."""

    SEE_REPORT = "grant_report:see"
    WRITE_REPORT = "grant_report:write"
    JUDGE_REPORT = "grant_report:judge"
    RECORD_RETURN = "grant_report:record_return"


def buys(by: Acting, thing: GrantReport) -> bool:
    """The organisation acted for gives this grant."""
    return is_buyer(by, thing.contract)


def receives(by: Acting, thing: GrantReport) -> bool:
    """The organisation acted for has this grant."""
    return is_provider(by, thing.contract)


def sees(by: Acting, thing: GrantReport) -> bool:
    """Both sides, and the national auditor."""
    return is_party_or_auditor(by, thing.contract)


TABLE = {
    GrantPermission.SEE_REPORT: rule(CONTRACTS[ContractPermission.SEE].roles, when=sees),
    GrantPermission.WRITE_REPORT: rule(CONFIRMERS[Side.PROVIDER], when=receives),
    GrantPermission.JUDGE_REPORT: rule(MANAGERS, when=buys),
    GrantPermission.RECORD_RETURN: rule(MANAGERS, when=buys, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
