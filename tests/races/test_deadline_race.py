"""200 submissions around a deadline: in time or late by the database's clock, and told so.

The deadline is set from the database's clock while they run, so that both outcomes occur on any
machine; what is judged afterwards are recorded moments alone.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import pytest

from bids.submitting import moments
from lots.actions import locked
from lots.competition import closing
from marketplace import clock
from marketplace.acting import Acting
from marketplace.audit import verify
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from tests.races.conftest import Race
from tests.races.submitting import (
    Answered,
    Bidder,
    bidders,
    managers,
    refusals_of,
    versions_of,
)
from tests.races.test_closing_race import first_day
from tests.races.together import at_once
from tests.support import seeds
from tests.support.competition import officer_of
from tests.support.lots import make_open_lot

pytestmark = pytest.mark.race

CONNECTIONS = 20
EACH = 10
SET_AT, EXTENDED_AT, SET_AGAIN_AT = 50, 70, 110


@dataclass
class Deadline:
    """Sets and moves a lot's deadline; `history` has (from when, what was in force)."""

    race: Race
    lot_id: object
    history: list[tuple[datetime, datetime]] = field(default_factory=list)

    def put(self, ahead: timedelta) -> None:
        """Let it close so far ahead of the database's clock, read with the lot's row held."""
        with self.race.app.app_context():
            with write():
                lot = locked(self.lot_id)
                now = clock.judged_now()
                lot.closes_at = now + ahead
            self.history.append((now, lot.closes_at))
            db.session.remove()

    def extend(self, by: Acting) -> bool:
        """Move it by months, as an officer does; False where it had been reached."""
        with self.race.app.app_context():
            try:
                with write():
                    change = closing.move_closing(self.lot_id, first_day(1), "More time.", by)
                self.history.append((change.made_at, change.closing_after))
            except Refusal:
                return False
            finally:
                db.session.remove()
        return True

    def in_force(self, moment: datetime) -> datetime:
        """What was the deadline then."""
        return next(deadline for since, deadline in reversed(self.history) if since <= moment)


@pytest.mark.parametrize("extended", [False, True], ids=["set", "extended meanwhile"])
def test_in_time_is_accepted_and_late_is_refused_to_the_microsecond(
    race: Race, extended: bool
) -> None:
    chance = seeds.chance()
    people = managers(race, CONNECTIONS)
    # SQLite has one writer at a time, so that there is less to race for.
    often = 20 if db.engine.dialect.name == "postgresql" else 1
    for _repetition in range(seeds.repetitions(1, often)):
        lot = make_open_lot()
        ready = bidders(lot, people)
        answered, deadline = Answered(), Deadline(race, lot.id)
        deadline.history.append((lot.published_at, lot.closes_at))
        officer = officer_of(lot)
        presses = [partial(bidder.press_often, EACH, answered) for bidder in ready]
        at_once(
            [*presses, partial(rule, deadline, answered, officer if extended else None, chance)]
        )
        race.look_again()
        judge(deadline, ready)
    assert verify().holds


def rule(deadline: Deadline, answered: Answered, by: Acting | None, chance: random.Random) -> None:
    """Set the deadline while submissions run; with `by`, extend it and set it once more."""
    begun = time.monotonic()
    answered.wait_for(SET_AT)
    # Part of the time that as many submissions took: some of the rest come in time, others not.
    pace = timedelta(seconds=time.monotonic() - begun)
    deadline.put(pace * chance.uniform(0, 0.7))
    if by is None:
        return
    answered.wait_for(EXTENDED_AT)
    if deadline.extend(by):
        answered.wait_for(SET_AGAIN_AT)
        deadline.put(pace * chance.uniform(0, 0.5))


def judge(deadline: Deadline, ready: list[Bidder]) -> None:
    """Every moment on record is on the right side, and each bidder was told the truth."""
    accepted = refused = 0
    for bidder in ready:
        versions, refusals = versions_of(bidder.bid_id), refusals_of(bidder.bid_id)
        for version in versions:
            assert version.submitted_at < deadline.in_force(version.submitted_at)
        for judged_at, closes_at in refusals:
            assert judged_at >= deadline.in_force(judged_at) == closes_at
        assert (len(versions), len(refusals)) == (bidder.accepted, len(bidder.told_late))
        assert [each.number for each in versions] == list(range(1, bidder.accepted + 1))
        for (judged_at, closes_at), page in zip(sorted(refusals), bidder.told_late, strict=True):
            assert moments.in_utc(judged_at) in page and moments.in_utc(closes_at) in page
        accepted, refused = accepted + len(versions), refused + len(refusals)
    assert accepted + refused == CONNECTIONS * EACH
    assert accepted >= SET_AT - CONNECTIONS and refused
