"""Who may follow lots and answer about them."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Role
from marketplace.permissions import policy, rule


class PipelinePermission(StrEnum):
    """What signed-in people may do beside reading."""

    FOLLOW = "pipeline:follow"
    ANSWER = "pipeline:answer"


TABLE = {
    PipelinePermission.FOLLOW: rule(list(Role), second_factor=False),
    # For the organisation acted for, which a link alone proves well enough: nothing is shown.
    PipelinePermission.ANSWER: rule([Role.BID_MANAGER, Role.TRUSTEE], second_factor=False),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
