"""Who asks, and who reads the figures. Nobody reads what one person said."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Role
from marketplace.permissions import policy, rule
from referrals.permissions import PROBATION, PROVIDERS, sees


class EqualityPermission(StrEnum):
    """What can be done with equality monitoring."""

    ASK = "equality:ask"
    SEE_FIGURES = "equality:see_figures"


READERS = (
    Role.COMMISSIONING_OFFICER,
    Role.CONTRACT_MANAGER,
    Role.DIRECTOR,
    Role.EQUALITIES_MANAGER,
    Role.FRAMEWORK_MANAGER,
)
TABLE = {
    EqualityPermission.ASK: rule((*PROBATION, *PROVIDERS), when=sees),
    EqualityPermission.SEE_FIGURES: rule(READERS),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
