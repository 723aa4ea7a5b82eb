"""Who may do what with a bid and its opening; of evaluating it: bids/evaluation/permissions.py."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Flask

from bids.models import Bid
from lots.permissions import DECIDERS, DRAFTERS, is_lead_buyer
from marketplace.acting import Acting, Role
from marketplace.permissions import policy, rule


class BidPermission(StrEnum):
    """What can be done with bids."""

    LIST_OWN = "bid:list_own"
    WRITE = "bid:write"
    SUBMIT = "bid:submit"
    SEE_OPENING = "bid:see_opening"
    OPEN = "bid:open"
    SEE_EVALUATION = "bid:see_evaluation"
    READ_OPENED = "bid:read_opened"
    MANAGE = "bid:manage"
    SEAT = "bid:seat"
    DECLARE = "bid:declare"
    SCORE = "bid:score"
    DECIDE = "bid:decide"
    COSIGN = "bid:cosign"


BIDDERS = (Role.BID_MANAGER, Role.TRUSTEE)
# Who writes; finance people know the costs, but do not hand the bid in.
WRITERS = (*BIDDERS, Role.FINANCE)


def is_bidder(by: Acting, bid: Bid) -> bool:
    """The bid is the organisation's acted for."""
    return bid.organisation == str(by.organisation_id)


def of_lead_buyer(by: Acting, thing: Any) -> bool:
    """The lot of the opening or evaluation is led by the organisation acted for."""
    return is_lead_buyer(by, thing.lot)


def sees_opening(by: Acting, opening: Any) -> bool:
    """The lead buyer's people, and the national auditor; the record itself names no bidder."""
    return of_lead_buyer(by, opening) or by.has(Role.AUDITOR)


TABLE = {
    BidPermission.LIST_OWN: rule(WRITERS, second_factor=False),
    BidPermission.WRITE: rule(WRITERS, when=is_bidder, second_factor=False),
    BidPermission.SUBMIT: rule(BIDDERS, when=is_bidder),
    BidPermission.SEE_OPENING: rule([*DRAFTERS, *DECIDERS, Role.AUDITOR], when=sees_opening),
    BidPermission.OPEN: rule([*DRAFTERS, *DECIDERS], when=of_lead_buyer, fresh=True),
}


def register(app: Flask) -> None:
    """Add the bidders' and the opening's table to the policy."""
    policy(app).add(TABLE)
