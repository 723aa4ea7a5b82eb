"""Who reads which books, and who records what is given back to a funder."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.books.models import Contribution
from lots.contracts.models import Side
from lots.contracts.permissions import (
    AUTHORITY,
    MANAGERS,
    PROVIDERS_CLAIMANTS,
    is_buyer,
    is_party_or_auditor,
)
from marketplace.acting import Acting, Role
from marketplace.organisations.models import Organisation
from marketplace.permissions import policy, rule


class BooksPermission(StrEnum):
    """What can be done with books."""

    SEE = "books:see"
    SEE_PROVIDERS = "books:see_providers"
    SEE_FUNDERS = "books:see_funders"
    GIVE_BACK = "books:give_back"


BUYERS = (*MANAGERS, Role.COMMISSIONING_OFFICER, *AUTHORITY[Side.BUYER])
PROVIDERS = (*PROVIDERS_CLAIMANTS, *AUTHORITY[Side.PROVIDER])


def is_own_or_auditor(by: Acting, organisation: Organisation) -> bool:
    """The books of the organisation acted for; the national auditor reads everybody's."""
    return organisation.id == by.organisation_id or by.has(Role.AUDITOR)


def buys_for(by: Acting, contribution: Contribution) -> bool:
    """The organisation acted for buys under the contract that this is a part of."""
    return is_buyer(by, contribution.funding.contract)


TABLE = {
    BooksPermission.SEE: rule([*BUYERS, *PROVIDERS, Role.AUDITOR], when=is_party_or_auditor),
    BooksPermission.SEE_PROVIDERS: rule([*PROVIDERS, Role.AUDITOR], when=is_own_or_auditor),
    BooksPermission.SEE_FUNDERS: rule([*BUYERS, Role.AUDITOR], when=is_own_or_auditor),
    BooksPermission.GIVE_BACK: rule(MANAGERS, when=buys_for, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
