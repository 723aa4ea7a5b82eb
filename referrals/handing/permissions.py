"""Who hands cases over, names a deputy, takes over what was left behind, and moves cases."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting
from marketplace.permissions import policy, rule
from referrals.models import Referral
from referrals.permissions import (
    PROBATION,
    REFERRERS,
    is_unattended,
    manages,
    owns,
    refers,
    works_there,
)


class HandPermission(StrEnum):
    """What can be done about whose case it is."""

    HAND_OVER = "referral:hand_over"
    DEPUTISE = "referral:deputise"
    TAKE_OVER = "referral:take_over"
    TRANSFER = "referral:transfer"


def is_left_behind(referral: Referral) -> bool:
    """Its owner refers for the organisation no more, or cannot sign in."""
    return not works_there(referral.owner_id, referral.organisation_id, REFERRERS)


def takes_over(by: Acting, referral: Referral) -> bool:
    """A colleague who may see a case that was left behind; `visible_to` says who that is.

    Of a restricted case its deputy, and somebody else who is named once there is no deputy either.
    """
    if not refers(by, referral) or referral.owner_id == by.person_id:
        return False
    if referral.is_restricted and not owns(by, referral):
        return is_unattended(referral)
    return is_left_behind(referral)


TABLE = {
    HandPermission.HAND_OVER: rule(PROBATION, when=manages),
    HandPermission.DEPUTISE: rule(PROBATION, when=manages),
    HandPermission.TAKE_OVER: rule(REFERRERS, when=takes_over),
    HandPermission.TRANSFER: rule(PROBATION, when=manages),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
