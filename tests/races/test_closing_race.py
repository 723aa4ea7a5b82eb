"""A later closing, the closing itself and bids, all at the same moment."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, update

from lots import proportionality
from lots.competition import closing
from lots.competition.models import LotChange
from lots.jobs import close_due
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.audit import AuditEvent, verify
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from tests.races.conftest import Race
from tests.races.test_bid_race import press_anew, ready_to_submit, versions_of
from tests.races.together import at_once
from tests.support.competition import officer_of
from tests.support.lots import make_open_lot

pytestmark = pytest.mark.race

BIDDERS = 4
MOVERS = 3
OPEN_FOR = timedelta(seconds=2)


def move_until_refused(race: Race, lot: Lot, by: Acting, first: int) -> int:
    """Move the closing by a day and on, from just before its moment; how often it moved."""
    moved = 0
    with race.app.app_context():
        while clock.judged_now() < lot.closes_at - timedelta(milliseconds=30 * first):
            db.session.rollback()
        try:
            with write():
                closing.move_closing(lot.id, first_day(first), "More time.", by)
            moved = 1
        except Refusal:
            pass
        db.session.remove()
    return moved


def first_day(number: int) -> object:
    """A day on which a lot may close, some months ahead, another one for each number."""
    day = calendar.day_of(clock.judged_now()) + timedelta(days=120 + 7 * number)
    while not calendar.is_working_day(day) or proportionality.in_closed_season(day):
        day += timedelta(days=1)
    return day


def close_until_decided(race: Race, lot: Lot) -> int:
    """Run the closing job until the lot is closed, or its closing lies far ahead."""
    while True:
        with race.app.app_context():
            close_due(clock.now())
            now = db.session.get_one(Lot, lot.id)
            decided = now.state is LotState.CLOSED
            far = now.closes_at - clock.judged_now() > timedelta(days=1)
            past = clock.judged_now() > lot.closes_at + timedelta(seconds=2)
            db.session.remove()
            if decided or (far and past):
                return 0


def test_moved_in_time_or_closed_but_never_both(race: Race) -> None:
    lot = make_open_lot()
    officers = [officer_of(lot) for _number in range(MOVERS)]
    bids, presses = [], []
    for _number in range(BIDDERS):
        bid_id, ((visitor, action, values),) = ready_to_submit(race, lot)
        bids.append(bid_id)
        presses.append((visitor, action, values))
    with write():
        closes_at = clock.judged_now() + OPEN_FOR
        db.session.execute(update(Lot).where(Lot.id == lot.id).values(closes_at=closes_at))
    race.look_again()
    lot.closes_at = closes_at

    answers = at_once(
        [
            *(partial(press_around, race, closes_at, *press) for press in presses),
            *(
                partial(move_until_refused, race, lot, by, number)
                for number, by in enumerate(officers)
            ),
            partial(close_until_decided, race, lot),
        ]
    )

    race.look_again()
    now = db.session.get_one(Lot, lot.id)
    moves = db.session.scalars(select(LotChange).where(LotChange.lot_id == lot.id)).all()
    assert len(moves) == sum(answers[BIDDERS : BIDDERS + MOVERS])
    assert all(move.made_at < move.closing_before < move.closing_after for move in moves)
    versions = versions_of(bids)
    assert len(versions) == sum(answers[:BIDDERS])
    assert all(each.submitted_at < now.closes_at for each in versions)
    if now.state is LotState.CLOSED:
        assert not moves and now.closes_at == closes_at
        assert all(each.submitted_at < closes_at for each in versions)
    else:
        assert moves and now.closes_at == max(filter(None, (move.closing_after for move in moves)))
        closed = select(AuditEvent.number).where(
            AuditEvent.subject_id == str(lot.id), AuditEvent.action == "lot:close"
        )
        assert db.session.scalar(closed) is None
    assert verify().holds


def press_around(race: Race, closes_at, visitor, action, values) -> int:
    """Submit over and over from just before the first closing until a little after."""
    accepted = 0
    with race.app.app_context():
        while clock.judged_now() < closes_at - timedelta(milliseconds=300):
            db.session.rollback()
    while True:
        answer = press_anew(visitor, action, values)
        if answer.status_code != 303:
            assert answer.status_code == 409
            return accepted
        accepted += 1
        with race.app.app_context():
            if clock.judged_now() > closes_at + timedelta(seconds=1):
                return accepted
