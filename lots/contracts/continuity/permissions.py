"""Who may give, confirm and take back notice of an ending, and who may stop a service at once."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.continuity.models import ActKind, ContinuityAct
from lots.contracts.models import Side
from lots.contracts.permissions import (
    AUTHORITY,
    MANAGERS,
    ContractPermission,
    is_buyer,
    is_party_or_auditor,
)
from lots.contracts.permissions import TABLE as CONTRACTS
from marketplace.acting import Acting
from marketplace.permissions import policy, rule

DECIDERS = AUTHORITY[Side.BUYER]


class ContinuityPermission(StrEnum):
    """What can be done about the continuity of a service."""

    SEE = "continuity:see"
    PROPOSE = "continuity:propose"
    GIVE = "continuity:give"
    CANCEL = "continuity:cancel"
    RESUME = "continuity:resume"
    STOP = "continuity:stop"


def sees_act(by: Acting, act: ContinuityAct) -> bool:
    """Both sides of its contract, and the national auditor."""
    return is_party_or_auditor(by, act.contract)


def buys(by: Acting, act: ContinuityAct) -> bool:
    """The organisation acted for buys under its contract."""
    return is_buyer(by, act.contract)


def may_give(by: Acting, act: ContinuityAct) -> bool:
    """A contract ends early only with its director (or decision-maker); the rest a manager gives.

    An emergency stop is either's, for it cannot wait.
    """
    if not buys(by, act):
        return False
    if act.kind == ActKind.ENDING:
        return by.has(*DECIDERS)
    return by.has(*MANAGERS) or act.kind == ActKind.EMERGENCY


TABLE = {
    ContinuityPermission.SEE: rule(CONTRACTS[ContractPermission.SEE].roles, when=sees_act),
    ContinuityPermission.PROPOSE: rule(MANAGERS, when=is_buyer),
    ContinuityPermission.GIVE: rule([*MANAGERS, *DECIDERS], when=may_give),
    ContinuityPermission.CANCEL: rule([*MANAGERS, *DECIDERS], when=buys),
    ContinuityPermission.RESUME: rule(MANAGERS, when=buys),
    ContinuityPermission.STOP: rule([*MANAGERS, *DECIDERS], when=is_buyer, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
