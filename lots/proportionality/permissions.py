"""Who may read and change the market's policy."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Role
from marketplace.permissions import policy, rule


class PolicyPermission(StrEnum):
    """What can be done with a version of the market's policy."""

    SEE = "market_policy:see"
    DRAFT = "market_policy:draft"
    PUBLISH = "market_policy:publish"


TABLE = {
    PolicyPermission.SEE: rule([Role.FRAMEWORK_MANAGER, Role.AUDITOR]),
    PolicyPermission.DRAFT: rule([Role.FRAMEWORK_MANAGER]),
    PolicyPermission.PUBLISH: rule([Role.FRAMEWORK_MANAGER], fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy of permissions."""
    policy(app).add(TABLE)
