"""Challenges of awards for tests."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from bids.challenges import actions
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
