"""Who reads what differs from Stripe's books, and who clears it up."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting, Role
from marketplace.payments.bodies.permissions import PAYERS, is_own, is_own_or_oversees
from marketplace.payments.reconciling.models import Mismatch
from marketplace.permissions import policy, rule


class ReconcilingPermission(StrEnum):
    """What can be done with comparisons."""

    SEE = "reconciliation:see"
    CLEAR_UP = "mismatch:clear_up"


def may_read(by: Acting, mismatch: Mismatch) -> bool:
    """The body's own people, administrators and the auditor."""
    return is_own_or_oversees(by, mismatch.body)


def is_of_own(by: Acting, mismatch: Mismatch) -> bool:
    """A difference in the books of the organisation acted for."""
    return is_own(by, mismatch.body)


TABLE = {
    ReconcilingPermission.SEE: rule([*PAYERS, Role.ADMINISTRATOR, Role.AUDITOR], when=may_read),
    ReconcilingPermission.CLEAR_UP: rule(PAYERS, when=is_of_own),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
