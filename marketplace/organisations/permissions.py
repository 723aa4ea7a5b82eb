"""Who may do what with an organisation."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting, Role
from marketplace.organisations.models import Organisation
from marketplace.permissions import policy, rule


class OrganisationPermission(StrEnum):
    """What can be done with an organisation."""

    SEE_ALL = "organisation:see_all"
    CREATE = "organisation:create"
    SEE_PROFILE = "organisation:see_profile"
    EDIT_PROFILE = "organisation:edit_profile"


def is_own(by: Acting, organisation: Organisation) -> bool:
    """The organisation acted for."""
    return organisation.id == by.organisation_id


PROVIDER_ROLES = (
    Role.BID_MANAGER,
    Role.FINANCE,
    Role.TRUSTEE,
    Role.SERVICE_MANAGER,
    Role.CASEWORKER,
)

TABLE = {
    OrganisationPermission.SEE_ALL: rule([Role.ADMINISTRATOR]),
    OrganisationPermission.CREATE: rule([Role.ADMINISTRATOR]),
    # A one-time link alone opens the profile (domain, section 11).
    OrganisationPermission.SEE_PROFILE: rule(PROVIDER_ROLES, when=is_own, second_factor=False),
    OrganisationPermission.EDIT_PROFILE: rule(
        [Role.BID_MANAGER, Role.SERVICE_MANAGER, Role.TRUSTEE], when=is_own, second_factor=False
    ),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
