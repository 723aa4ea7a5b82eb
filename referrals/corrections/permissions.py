"""Who puts right what was recorded in error: those who deliver the service, as who recorded it."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting
from marketplace.permissions import policy, rule
from referrals.corrections.models import Correction
from referrals.permissions import PROVIDERS, delivers


class CorrectionPermission(StrEnum):
    """What can be done about a record made in error."""

    PUT_RIGHT = "correction:put_right"
    TAKE_BACK = "correction:take_back"


def of_its_provider(by: Acting, correction: Correction) -> bool:
    """The organisation acted for delivers the service of the case."""
    return delivers(by, correction.referral)


TABLE = {
    CorrectionPermission.PUT_RIGHT: rule(PROVIDERS, when=delivers),
    CorrectionPermission.TAKE_BACK: rule(PROVIDERS, when=of_its_provider),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
