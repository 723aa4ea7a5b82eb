"""Who sees a provider's account, and who sets it up."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting
from marketplace.payments.payees.models import PayeeAccount
from marketplace.payments.paying.permissions import PAYEES
from marketplace.permissions import policy, rule


class PayeePermission(StrEnum):
    """What can be done with a provider's account."""

    SEE = "payee_account:see"
    SET_UP = "payee_account:set_up"


def is_own(by: Acting, account: PayeeAccount) -> bool:
    """The account by which the organisation acted for is paid."""
    return account.payee_id == by.organisation_id


TABLE = {
    PayeePermission.SEE: rule(PAYEES, when=is_own),
    # Whoever gets in here can have the money sent to another bank.
    PayeePermission.SET_UP: rule(PAYEES, when=is_own, fresh=True),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
