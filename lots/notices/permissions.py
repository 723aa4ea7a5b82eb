"""Who sees and keeps the notices of a buyer."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.notices.models import Notice
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.acting import Acting, Role
from marketplace.permissions import policy, rule


class NoticePermission(StrEnum):
    """What can be done with a notice."""

    LIST = "notice:list"
    RECORD = "notice:record"


# The market's own notices are the national team's to keep.
KEEPERS = (*DRAFTERS, *DECIDERS, Role.FRAMEWORK_MANAGER)


def of_own(by: Acting, notice: Notice) -> bool:
    """The notice is one of the organisation acted for."""
    return notice.buyer_id == by.organisation_id


def sees(by: Acting, notice: Notice) -> bool:
    """Whoever keeps it, and the national auditor, who reads everything."""
    return of_own(by, notice) or by.has(Role.AUDITOR)


TABLE = {
    NoticePermission.LIST: rule([*KEEPERS, Role.CONTRACT_MANAGER, Role.AUDITOR], when=sees),
    NoticePermission.RECORD: rule(KEEPERS, when=of_own),
}


def permissions(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
