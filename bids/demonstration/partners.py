"""The demonstration's partners: one confirmed before a submission, one still to answer."""

from __future__ import annotations

from uuid import UUID

from bids.models import Bid
from bids.partners import actions, answering
from bids.partners.parts import DECLARATIONS, Part, code_of
from lots.models import Lot
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for

# (lot, bidder): (partner, what it does, its share in pounds over the term), the winner with two
CONFIRMED = {
    ("women-north-east", "rising"): (
        "second-street",
        "A room of one’s own: homes for women who come out of prison, and help to keep them.",
        60_000,
    ),
    ("women-cleveland", "rising"): (
        "second-street",
        "Finding homes for women who leave prison or a refuge, and keeping them for a year.",
        36_000,
    ),
    ("homes-yorkshire", "oak"): (
        "harbour",
        "Mentors who have found a home themselves, on the coast between Whitby and Bridlington.",
        45_000,
    ),
}
SECOND = {
    ("women-north-east", "rising"): (
        "harbour",
        "Mentors in the Durham centre who have been on probation themselves.",
        36_000,
    ),
}
INVITED = {
    ("hub-north-yorkshire", "oak"): (
        "harbour",
        "Two open afternoons a week in Whitby, with a worker and a hot meal.",
        6_000,
    ),
}
ELSEWHERE = {
    ("hub-north-yorkshire", "oak"): (
        "Whitby Lifeboat Café",
        "hello@lifeboat-cafe.example",
        "The rooms, and breakfast on weekdays.",
        3_600,
    ),
}


def bring_in(bid: Bid, key: str, bidder: str, lead: Acting) -> None:
    """Name the partners of this bidder's bid for this lot, if the story has any."""
    told = (key, bidder)
    for partners in (CONFIRMED, SECOND):
        if told in partners:
            name, role, pounds = partners[told]
            _confirmed(bid, name, _part(bid.lot, role, pounds), lead)
    if told in INVITED:
        name, role, pounds = INVITED[told]
        _invited(bid, name, _part(bid.lot, role, pounds), lead)
    if told in ELSEWHERE:
        named, email, role, pounds = ELSEWHERE[told]
        actions.invite_address(bid.id, named, email, _part(bid.lot, role, pounds), lead)


def _part(lot: Lot, role: str, pounds: int) -> Part:
    return Part(role, (code_of(lot.areas[-1]),), pounds * 100)


def _invited(bid: Bid, name: str, proposal: Part, lead: Acting) -> UUID:
    asked = acting_for(name, Role.BID_MANAGER)
    partner = actions.invite_organisation(bid.id, asked.organisation_id, proposal, lead)
    db.session.flush()
    return partner.id


def _confirmed(bid: Bid, name: str, proposal: Part, lead: Acting) -> None:
    partner_id, by = _invited(bid, name, proposal, lead), acting_for(name, Role.BID_MANAGER)
    answering.take_up(partner_id, by)
    part = Part(proposal.role, proposal.areas, proposal.pence, tuple(DECLARATIONS))
    answering.confirm(partner_id, part, 1, by)
    db.session.flush()
