"""One award of the demonstration is challenged in its standstill, which is paused since."""

from __future__ import annotations

from datetime import time

from sqlalchemy import select

from bids.challenges import actions
from bids.challenges.queries import challengeable, of_lot
from bids.demonstration.data import CHALLENGED, CHALLENGER
from bids.models import Bid
from lots.demonstration.data import Told
from lots.demonstration.lots import each_found
from lots.models import Lot
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, moment_of, on_the_day

SINCE = -1
AFTERNOON = time(15, 5)
REASON = (
    "Under “How will you reach people?” the panel wrote that we say little about how it would be "
    "done here. Our answer names five market towns, the landlords there and the days. "
    "We ask the panel to read that answer again and to agree its score anew."
)


def build() -> None:
    """Challenge the award on the working day before today, unless that was told already."""
    each_found(_challenge, CHALLENGED)


def _challenge(_told: Told, lot: Lot) -> None:
    manager = acting_for(CHALLENGER, Role.BID_MANAGER)
    found = select(Bid.id).where(
        Bid.lot_id == lot.id, Bid.organisation_id == manager.organisation_id
    )
    bid_id = db.session.scalar(found)
    if bid_id is None or of_lot(lot.id):
        return
    moment = moment_of(calendar.add_working_days(clock.today(), SINCE), AFTERNOON)
    with on_the_day(moment):
        if challengeable(lot, moment) is not None:
            actions.challenge(bid_id, REASON, manager)
