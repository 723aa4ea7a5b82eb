"""Challenges of awards for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bids.challenges import actions
from bids.evaluation.models import Evaluation
from bids.models import Bid
from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from tests.support.bids import Competition, bid_as_stored
from tests.support.people import acting_as, make_person, written

NOON = 12


def bidder_of(competition: Competition, number: int, role: Role = Role.BID_MANAGER) -> Acting:
    """Somebody of the organisation that made this bid."""
    organisation_id = bid_as_stored(competition.bids[number]).organisation_id
    organisation = db.session.get_one(Organisation, organisation_id)
    return acting_as(make_person(role, organisation), organisation)


def challenged(competition: Competition, number: int) -> UUID:
    """The bidder of this number challenges the award; returns the challenge's id."""
    by = bidder_of(competition, number)
    with written():
        return actions.challenge(competition.bids[number], "Question 2 was misread.", by).id


def pass_days(days: int) -> None:
    """Have it be so many days later, at noon in London."""
    day = clock.today() + timedelta(days=days)
    noon = calendar.start_of(day) + timedelta(hours=NOON)
    with write():
        ahead = (noon - clock.judged_now()).total_seconds()
        clock.set_offset(clock.offset_seconds() + int(max(ahead, 0)))


def add_to(world: Any) -> None:
    """The provider's challenge of an award that went to somebody else, and a decided lot."""
    evaluation = db.session.get_one(Evaluation, world.things["evaluation decided"]["evaluation_id"])
    world.things["lot with a decision"] = {"lot_id": evaluation.lot_id}
    loser = select(Bid.id).where(Bid.lot_id == evaluation.lot_id, Bid.state == "unsuccessful")
    with write():
        made = actions.challenge(
            db.session.scalars(loser).one(), "Question 2 was misread.", world.by("other trustee")
        )
        world.things["challenge"] = {"challenge_id": made.id}
