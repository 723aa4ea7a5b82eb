"""A draft that several colleagues are writing: who does what, and what they say beside it."""

from __future__ import annotations

from bids.models import Bid
from bids.tasks import Group, part_of
from bids.writing.comments import add_comment
from bids.writing.sharing import give
from lots.models import Lot
from marketplace.acting import Role
from marketplace.demonstration.world import acting_for

ASKED = "Can we name the café? The evaluators may not know that it is ours."
ANSWERED = "Yes, they are glad to be named. I have asked them for a sentence on opening hours."


def write_together(bid: Bid, lot: Lot, bidder: str) -> None:
    """The manager gives the second answer and the price away, and talks about the first."""
    manager, trustee = acting_for(bidder, Role.BID_MANAGER), acting_for(bidder, Role.TRUSTEE)
    finance = acting_for(bidder, Role.FINANCE)
    wanted = {
        part_of(lot.questions[1].id): str(trustee.person_id),
        Group.PRICE.value: str(finance.person_id),
    }
    give(bid.id, wanted, {}, manager)
    first = lot.questions[0].id
    add_comment(bid.id, first, ASKED, trustee)
    add_comment(bid.id, first, ANSWERED, manager)
