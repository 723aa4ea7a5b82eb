"""A challenge in the moment in which the job confirms: the one or the other, never both."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select

from bids.awards.jobs import confirm_due
from bids.challenges import actions
from bids.challenges.models import Challenge
from lots.contracts.models import Contract
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.audit import AuditEvent, verify
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.bids import decided_competition
from tests.support.challenges import bidder_of

pytestmark = pytest.mark.race

BEFORE = timedelta(milliseconds=700)
LATER = timedelta(seconds=1)


def test_challenged_in_time_or_confirmed_but_never_both(race: Race) -> None:
    competition = decided_competition(scores=(4, 3, 2), prices=(9_000_00, 9_500_00, 9_900_00))
    lot_id = competition.lot.id
    over = calendar.end_of(db.session.get_one(Lot, lot_id).standstill_ends_on)
    people = [(competition.bids[number], bidder_of(competition, number)) for number in (1, 2)]
    db.session.remove()
    with write():
        ahead = over - BEFORE - clock.judged_now()
        clock.set_offset(clock.offset_seconds() + int(ahead.total_seconds()))
    db.session.remove()

    presses = [
        partial(challenge_at, race, over - timedelta(milliseconds=early), bid_id, by)
        for early, (bid_id, by) in zip((15, -5), people, strict=True)
    ]
    confirmers = [partial(confirm_until, race, over + LATER)] * 2
    received = at_once([*presses, *confirmers])[:2]

    race.look_again()
    lot = db.session.get_one(Lot, lot_id)
    found = select(func.count()).select_from(Challenge).where(Challenge.lot_id == lot_id)
    contracts = select(func.count()).select_from(Contract).where(Contract.lot_id == lot_id)
    challenges = db.session.scalar(found)
    assert challenges == sum(received)
    confirmed = (lot.state, lot.standstill_paused_at is None, db.session.scalar(contracts))
    if challenges:
        assert confirmed == (LotState.STANDSTILL, False, 0)
    else:
        assert confirmed == (LotState.AWARDED, True, 1)
    # Other lots of the same database may be confirmed beside it.
    told = (AuditEvent.action == "lot:award", AuditEvent.subject_id == str(lot_id))
    assert db.session.scalar(select(func.count()).where(*told)) == (0 if challenges else 1)
    assert verify().holds


def challenge_at(race: Race, moment: datetime, bid_id: UUID, by: Acting) -> int:
    """Challenge the award at this moment; 1 where it was received."""
    with race.app.app_context():
        while clock.judged_now() < moment:
            db.session.rollback()
        db.session.remove()
        try:
            with write():
                actions.challenge(bid_id, "Question 2 was misread.", by)
        except Refusal:
            return 0
        finally:
            db.session.remove()
    return 1


def confirm_until(race: Race, end: datetime) -> None:
    """Run the job again and again until a moment."""
    over = False
    while not over:
        with race.app.app_context():
            confirm_due(clock.now())
            over = clock.judged_now() > end
            db.session.remove()
