"""What a partner may do with its part in another's bid."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from bids.partners.models import BidPartner
from bids.permissions import BIDDERS, WRITERS
from marketplace.acting import Acting
from marketplace.permissions import policy, rule


class PartnerPermission(StrEnum):
    """What can be done with a part in a bid."""

    LIST = "bid_partner:list"
    SEE = "bid_partner:see"
    TAKE_UP = "bid_partner:take_up"
    CONFIRM = "bid_partner:confirm"


def is_partner(by: Acting, partner: BidPartner) -> bool:
    """The part is that of the organisation acted for."""
    return partner.organisation == str(by.organisation_id)


TABLE = {
    PartnerPermission.LIST: rule(WRITERS, second_factor=False),
    PartnerPermission.SEE: rule(WRITERS, when=is_partner, second_factor=False),
    PartnerPermission.TAKE_UP: rule(BIDDERS, second_factor=False),
    PartnerPermission.CONFIRM: rule(BIDDERS, when=is_partner),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
