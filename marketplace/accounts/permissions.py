"""Who may do what with accounts."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting, Role
from marketplace.organisations.models import Organisation
from marketplace.permissions import policy, rule


class AccountPermission(StrEnum):
    """What can be done with accounts and roles."""

    OWN_ACCOUNT = "account:own"
    SECURE_OWN_ACCOUNT = "account:secure_own"
    SEE_PEOPLE = "account:see_people"
    MANAGE_PEOPLE = "account:manage_people"
    CLOSE_ACCOUNT = "account:close"


def manages(by: Acting, organisation: Organisation) -> bool:
    """Administrators manage the people of any organisation, others those of the one acted for."""
    return by.has(Role.ADMINISTRATOR) or organisation.id == by.organisation_id


MANAGERS = (Role.BID_MANAGER, Role.SERVICE_MANAGER, Role.DIRECTOR, Role.ADMINISTRATOR)

TABLE = {
    AccountPermission.OWN_ACCOUNT: rule(Role),
    AccountPermission.SECURE_OWN_ACCOUNT: rule(Role, fresh=True),
    AccountPermission.SEE_PEOPLE: rule(MANAGERS, when=manages),
    AccountPermission.MANAGE_PEOPLE: rule(MANAGERS, when=manages, fresh=True),
    AccountPermission.CLOSE_ACCOUNT: rule([Role.ADMINISTRATOR], fresh=True),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
