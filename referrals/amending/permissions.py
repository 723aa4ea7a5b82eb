"""Who amends a sent referral: the practitioner's side."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.permissions import policy, rule
from referrals.permissions import PROBATION, refers


class AmendPermission(StrEnum):
    """What can be done with what was sent."""

    AMEND = "referral:amend"


TABLE = {AmendPermission.AMEND: rule(PROBATION, when=refers)}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
