"""Who decides how a lot's key is kept, and who may hold a part of it."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.permissions import DECIDERS, DRAFTERS, is_lead_buyer
from marketplace.permissions import policy, rule

MAY_HOLD = (*DRAFTERS, *DECIDERS)


class KeyPermission(StrEnum):
    """What can be done with the parts of a lot's key."""

    SEE_HOLDERS = "key:see_holders"
    CHOOSE_HOLDERS = "key:choose_holders"
    MAKE_CODE = "key:make_code"


TABLE = {
    KeyPermission.SEE_HOLDERS: rule(MAY_HOLD, when=is_lead_buyer),
    KeyPermission.CHOOSE_HOLDERS: rule(DRAFTERS, when=is_lead_buyer),
    # Whose code it is stands with the holder; the second factor is asked for again.
    KeyPermission.MAKE_CODE: rule(MAY_HOLD, when=is_lead_buyer, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
