"""The demonstration's bids: written and sealed before each deadline, by their bidders."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bids.demonstration import price as pricing
from bids.demonstration.attachments import meet_demands
from bids.demonstration.data import ANSWERS, STORIES, TAKES_OVER, Tells
from bids.demonstration.judging import judge
from bids.demonstration.partners import bring_in
from bids.demonstration.submitting import HOURS
from bids.demonstration.writing import write_together
from bids.library.actions import fill_in
from bids.models import Bid
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS
from bids.writing import actions as answering
from lots.actions import close_lot
from lots.demonstration.data import Told
from lots.demonstration.lots import each_found
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, on_the_day


def build() -> None:
    """Tell the bids of each lot that has none yet, and what came of them; each in one write."""
    each_found(_tell, *(story.lot for story in STORIES))


def _tell(told: Told, lot: Lot) -> None:
    has_bids = db.session.scalar(select(Bid.id).where(Bid.lot_id == lot.id).limit(1))
    # Closed without the bids that were to be told: too late for them, as for anybody.
    if has_bids is not None or lot.state != LotState.OPEN or lot.published_at is None:
        return
    story = next(each for each in STORIES if each.lot == told.key)
    published = lot.published_at
    for number, (bidder, price, _scores) in enumerate(story.bidders):
        with on_the_day(published + timedelta(days=2 + number, hours=number)):
            _write(lot, told.key, bidder, price)
    if lot.closes_at is not None and lot.closes_at < clock.now():
        with on_the_day(lot.closes_at + timedelta(minutes=1)):
            close_lot(lot.id)
        if story.tells > Tells.SUBMITTED:
            judge(lot, told, story)


def _write(lot: Lot, key: str, bidder: str, pounds: int | None) -> None:
    manager = acting_for(bidder, Role.BID_MANAGER)
    bid = answering.start_bid(lot.id, manager)
    db.session.flush()
    name = manager.organisation_name.partition(" (")[0]
    for number, question in enumerate(lot.questions):
        if pounds is not None or number == 0:
            text = ANSWERS[number].format(name=name)
            answering.save_answer(bid.id, question.id, text, 0, manager)
    meet_demands(bid, lot, bidder, manager)
    bring_in(bid, key, bidder, manager)
    if pounds is None:
        write_together(bid, lot, bidder)
        if key == TAKES_OVER:
            fill_in(bid.id, manager)
    else:
        pricing.save(bid.id, lot, pounds * 100, manager)
        db.session.flush()
        db.session.expire(bid)
        seen, hours = submitting.lot_seen(lot), HOURS.get(bidder)
        submitting.submit_bid(bid.id, DECLARATIONS, seen, manager, hours=hours)
