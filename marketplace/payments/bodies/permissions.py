"""Who sees what a body has at Stripe, and who moves money there."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting, Role
from marketplace.payments.bodies.models import StripeAccount
from marketplace.permissions import policy, rule

# PCCs and other buyers have no contract managers: their co-commissioner lead pays.
PAYERS = (Role.CONTRACT_MANAGER, Role.COMMISSIONER_LEAD)


class StripePermission(StrEnum):
    """What can be done with a body's account."""

    SEE = "stripe_account:see"
    OVERSEE = "stripe_account:oversee"
    CHECK = "stripe_account:check"
    TOP_UP = "stripe_account:top_up"
    DEAL = "stripe_account:deal"


def is_own(by: Acting, account: StripeAccount) -> bool:
    """The account of the organisation acted for."""
    return account.organisation_id == by.organisation_id


def is_own_or_oversees(by: Acting, account: StripeAccount) -> bool:
    """The body's own people; administrators, who set it up; the auditor, who reads everything."""
    return is_own(by, account) or by.has(Role.ADMINISTRATOR, Role.AUDITOR)


TABLE = {
    StripePermission.SEE: rule(
        [*PAYERS, Role.ADMINISTRATOR, Role.AUDITOR], when=is_own_or_oversees
    ),
    StripePermission.OVERSEE: rule([Role.ADMINISTRATOR, Role.AUDITOR]),
    StripePermission.CHECK: rule([*PAYERS, Role.ADMINISTRATOR], when=is_own_or_oversees),
    StripePermission.TOP_UP: rule(PAYERS, when=is_own, fresh=True),
    StripePermission.DEAL: rule([Role.ADMINISTRATOR]),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
