"""Who sees and keeps the notices of a lot."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.notices.models import Notice
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.acting import Acting
from marketplace.permissions import policy, rule


class NoticePermission(StrEnum):
    """What can be done with a notice."""

    RECORD = "notice:record"


def of_own_lot(by: Acting, notice: Notice) -> bool:
    """The notice is of a lot led by the organisation acted for."""
    return notice.lot.lead_buyer_id == by.organisation_id


TABLE = {NoticePermission.RECORD: rule([*DRAFTERS, *DECIDERS], when=of_own_lot)}


def permissions(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
