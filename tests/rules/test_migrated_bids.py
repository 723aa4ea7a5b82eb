"""A bid written before the bidder's own key is found under it, and the way back is open."""

from __future__ import annotations

import json

import flask_migrate
import pytest
from sqlalchemy import LargeBinary, column, select, table

from bids.models import BidAnswer, BidVersion
from marketplace.database import db
from marketplace.keyring import keyring
from tests.support.apps import make_app
from tests.support.bids import bid_as_stored, submitted_bid
from tests.support.demands import DEMANDS
from tests.support.lots import make_open_lot

ANSWER = "We meet Llŷr’s friends where they are."
PRICE = 8_765_43


@pytest.fixture
def migrated(empty_database, session_folder):
    app = make_app(empty_database("bids"), session_folder)
    with app.app_context():
        flask_migrate.upgrade()
        app.test_cli_runner().invoke(args=["load-reference"], catch_exceptions=False)
        yield app
        db.session.remove()
        db.engine.dispose()


def under_the_ring(name: str, of: str) -> list[str]:
    """What the old column of a table holds, opened with the ring's own key."""
    old = table(name, column(of, LargeBinary()))
    with db.engine.connect() as connection:
        stored = connection.scalars(select(old.c[of])).all()
    return [keyring().decrypt(f"{name}.{of}", bytes(each)).decode() for each in stored]


def test_what_only_the_bidder_reads_moves_under_its_own_key_and_back(migrated):
    bid_id = submitted_bid(make_open_lot(demands=DEMANDS), answer=ANSWER, price=PRICE)
    copy = bid_as_stored(bid_id).versions[0].own_copy
    db.session.remove()

    flask_migrate.downgrade(revision="0007_changes")
    assert all(ANSWER in each for each in under_the_ring("bid_answer", "text"))
    assert under_the_ring("bid", "price_pence") == [str(PRICE)]
    assert under_the_ring("bid_version", "own_copy") == [copy]

    flask_migrate.upgrade()
    bid = bid_as_stored(bid_id)
    assert bid.price_pence == str(PRICE)
    assert all(ANSWER in each.text for each in db.session.scalars(select(BidAnswer)))
    assert [each.own_copy for each in db.session.scalars(select(BidVersion))] == [copy]
    assert ANSWER in json.loads(copy)["content"]
