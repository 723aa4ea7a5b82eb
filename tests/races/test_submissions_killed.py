"""The product killed at random moments of 200 submissions: whoever saw a receipt has that bid."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bids import sealing
from bids.models import Bid, BidState
from bids.queries import bidders_of
from lots import keys
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.audit import AuditEvent, verify
from marketplace.database import db, write
from marketplace.outbox.models import OutboxMessage
from tests.races.conftest import Race, StartProduct, make_race
from tests.races.submitting import Answered, Bidder, bidders, managers, versions_of
from tests.races.together import at_once
from tests.support import seeds
from tests.support.databases import NewDatabase
from tests.support.lots import make_open_lot

pytestmark = pytest.mark.race

# Fewer than in the races, for it is started again after every kill.
WORKERS = 2
CONNECTIONS = 20
EACH = 10
# A kill may cost every bidder a press: with these few, whoever saw no receipt has some left.
KILLS = 3


def test_a_receipt_that_was_seen_is_a_bid_that_is_stored(
    new_database: NewDatabase, session_folder: Path, start_product: StartProduct
) -> None:
    chance = seeds.chance()
    url = new_database("bids_killed")
    start: Callable[[], Race] = partial(make_race, url, session_folder, start_product, WORKERS)
    race = start()
    with race.app.app_context():
        people = managers(race, CONNECTIONS)
        db.session.remove()
    for _repetition in range(seeds.repetitions(1, 2)):
        with race.app.app_context():
            lot = make_open_lot()
            lot_id, ready = lot.id, bidders(lot, people)
            db.session.remove()
        left = [EACH] * CONNECTIONS
        for _kill in range(KILLS):
            left = press_until_killed(race, ready, left, chance)
            race = start()
            for bidder in ready:
                bidder.visitor.address = race.product.address
        at_once(presses(ready, left, Answered()))
        with race.app.app_context():
            assert_every_receipt_holds(lot_id, ready)
            db.session.remove()
            db.engine.dispose()
    race.product.stop()


def presses(ready: list[Bidder], left: list[int], answered: Answered) -> list[Callable[[], int]]:
    """Each bidder presses as often as it has left; returns how many are left when it is cut off."""
    return [
        partial(bidder.press_until_cut_off, times, answered)
        for bidder, times in zip(ready, left, strict=True)
    ]


def press_until_killed(
    race: Race, ready: list[Bidder], left: list[int], chance: random.Random
) -> list[int]:
    """Press on, and kill the whole product after a random number of answers; what is then left."""
    answered = Answered()
    after = chance.randint(1, max(1, min(40, sum(left) - CONNECTIONS)))

    def kill() -> int:
        answered.wait_for(after)
        race.product.stop(signal.SIGKILL)
        return 0

    found = at_once([*presses(ready, left, answered), kill])
    with race.app.app_context():
        db.session.remove()
        db.engine.dispose()
    return found[:-1]


def assert_every_receipt_holds(lot_id: object, ready: list[Bidder]) -> None:
    """Each receipt's figure is that of a stored version, and every version is whole."""
    with write():
        # The closing time has come; on PostgreSQL a killed process's last statement may still
        # run, and its lock ends with it.
        lot = db.session.get_one(Lot, lot_id, with_for_update=True)
        lot.closes_at, lot.state = clock.judged_now(), LotState.CLOSED
        db.session.flush()
        key, price_key = keys.private_key(lot), keys.price_key(lot, lot.closes_at)
    for bidder in ready:
        assert bidder.receipts
        versions = versions_of(bidder.bid_id)
        hashes = set()
        for number, version in enumerate(versions, 1):
            content = sealing.unseal(version.sealed_content, key, version.sha256)
            sealing.unseal(version.sealed_price, price_key, content["price_sha256"])
            assert (version.number, content["version"]) == (number, number)
            hashes |= {version.sha256, content["price_sha256"]}
        assert bidder.receipts <= hashes
        assert len(versions) >= bidder.accepted
        bid = db.session.get_one(Bid, bidder.bid_id)
        assert (bid.state, bid.edited) == (BidState.SUBMITTED, False)
        assert count_of(AuditEvent.action == "bid:submit", bidder) == len(versions)
        assert mails_of(bidder) == len(versions) * len(bidders_of(bid.bidder_id))
    assert verify().holds


def count_of(which: object, bidder: Bidder) -> int:
    """How many such events the trail has of this bid."""
    found = select(func.count()).where(AuditEvent.subject_id == str(bidder.bid_id), which)
    return db.session.scalars(found).one()


def mails_of(bidder: Bidder) -> int:
    """How many receipts were mailed, or wait to be."""
    receipt = OutboxMessage.template == "bids/mail/receipt.txt"
    found = select(func.count()).where(OutboxMessage.subject_id == bidder.bid_id, receipt)
    return db.session.scalars(found).one()
