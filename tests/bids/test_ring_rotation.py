"""After a new key is put on the ring, nothing that was written before is lost."""

from __future__ import annotations

import json
import stat

import pytest
from sqlalchemy import select

from bids.evaluation.queries import content_of, evaluation_of, opened_bid
from bids.models import Bid
from bids.opening.actions import confirm_opening
from bids.queries import bid_for, own_bids
from bids.sealing import OwnCopy
from lots import keys
from marketplace import audit
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.keyring import RING, UnreadableSecret, add_key, keyring, load_or_make, vault
from tests.support.apps import make_app
from tests.support.bids import bid_as_stored, bidder, submitted_bid
from tests.support.lots import make_open_lot, pass_closing, whole_lot
from tests.support.people import acting_as, make_person


@pytest.fixture
def product(new_database, tmp_path):
    """A product with a ring of its own, on a database that commits."""
    app = make_app(new_database("rotation"), tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def command(app, name: str) -> str:
    db.session.remove()
    done = app.test_cli_runner().invoke(args=[name], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def restarted(app) -> None:
    path = app.extensions["settings"].instance / RING
    app.extensions["keyring"] = load_or_make(path)


def test_bids_from_before_a_rotation_are_found_and_opened_after_it(product):
    lot = make_open_lot()
    organisation, person = bidder()
    by = acting_as(person)
    bid_id = submitted_bid(lot, organisation, answer="From before.")
    old = bytes(whole_lot(lot.id).wrapped_private_key)
    assert "Key k2" in command(product, "add-ring-key")
    restarted(product)
    assert keyring().current == "k2"
    assert "1 of 1" in command(product, "rewrap-keys")
    assert "0 of 1" in command(product, "rewrap-keys"), "a second time there is nothing to do"
    new = bytes(whole_lot(lot.id).wrapped_private_key)
    assert new != old and keyring().is_current(new)
    assert keyring().decrypt(keys.BIDS, new) == keyring().decrypt(keys.BIDS, old)
    assert bid_for(lot.id, by).id == bid_id, "keyed hashes stay"
    assert [bid.id for bid in own_bids(by)] == [bid_id]
    assert "From before." in OwnCopy.of(bid_as_stored(bid_id).latest.own_copy).content
    pass_closing(lot)
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        confirmer = make_person(role, lot.lead_buyer)
        with write():
            confirm_opening(lot.id, acting_as(confirmer, lot.lead_buyer))
    opened = opened_bid(evaluation_of(lot.id), bid_id)
    assert content_of(opened)["answers"][0]["answer"] == "From before. 1"
    assert audit.verify().holds


def test_without_the_oldest_key_nothing_from_before_opens(product, tmp_path):
    lot = make_open_lot()
    submitted_bid(lot)
    add_key(tmp_path / RING)
    ring = json.loads((tmp_path / RING).read_text())
    del ring["keys"]["k1"]
    (tmp_path / RING).write_text(json.dumps(ring))
    restarted(product)
    with pytest.raises(UnreadableSecret):
        keyring().decrypt(keys.BIDS, bytes(whole_lot(lot.id).wrapped_private_key))
    with pytest.raises(UnreadableSecret):
        db.session.scalars(select(Bid.organisation)).all()


def test_a_process_that_was_not_restarted_reads_what_is_written_under_the_new_key(tmp_path):
    before = load_or_make(tmp_path / RING)
    add_key(tmp_path / RING)
    after = load_or_make(tmp_path / RING)
    assert before.decrypt("a.column", after.encrypt("a.column", b"new")) == b"new"
    assert after.decrypt("a.column", before.encrypt("a.column", b"old")) == b"old"
    assert before.lookup_hash("a", "text") == after.lookup_hash("a", "text")


def test_the_ring_stays_private_and_keeps_the_order_of_its_keys(tmp_path):
    load_or_make(tmp_path / RING)
    assert [add_key(tmp_path / RING) for _each in range(10)][-1] == "k11"
    assert stat.S_IMODE((tmp_path / RING).stat().st_mode) == 0o600
    assert list(json.loads((tmp_path / RING).read_text())["keys"])[0] == "k1"
    assert [each.name for each in tmp_path.iterdir()] == [RING]


def test_an_organisations_own_copies_outlive_a_rotation(product):
    organisation, _person = bidder()
    locked = vault(organisation.id).lock("a.purpose", b"ours")
    command(product, "add-ring-key")
    restarted(product)
    assert vault(organisation.id).unlock("a.purpose", locked) == b"ours"
