"""Who may look for partners, and who may write for their organisation."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from bids.finder.models import FinderEntry, FinderThread
from bids.permissions import BIDDERS
from marketplace.acting import ROLES_OF_KIND, Acting, OrganisationKind
from marketplace.permissions import policy, rule


class FinderPermission(StrEnum):
    """What can be done in the partner finder."""

    LOOK = "finder:look"
    WRITE = "finder:write"
    KEEP = "finder:keep"
    TALK = "finder:talk"


def is_own(by: Acting, entry: FinderEntry) -> bool:
    """The entry is that of the organisation acted for."""
    return entry.organisation_id == by.organisation_id


def takes_part(by: Acting, thread: FinderThread) -> bool:
    """The organisation acted for is one of the two."""
    return by.organisation_id in (thread.asker_id, thread.owner_id)


TABLE = {
    FinderPermission.LOOK: rule(ROLES_OF_KIND[OrganisationKind.PROVIDER], second_factor=False),
    FinderPermission.WRITE: rule(BIDDERS, second_factor=False),
    FinderPermission.KEEP: rule(BIDDERS, when=is_own, second_factor=False),
    FinderPermission.TALK: rule(BIDDERS, when=takes_part, second_factor=False),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
