"""Places under a rush, each taker in a transaction and connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from lots.contracts import actions, places
from lots.contracts.models import Contract, ContractArea, ContractState
from marketplace.database import db, write
from tests.support import apps
from tests.support.contracts import make_live_contract

TAKERS = 16


@pytest.fixture
def racing_app(new_database, session_folder):
    app = apps.make_app(new_database("places-race"), session_folder)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def rush(app, acts):
    """Run every act at the same moment; what each returns."""
    start = Barrier(len(acts))

    def run(act):
        with app.app_context():
            start.wait()
            with write():
                return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_rush_takes_exactly_the_free_places(racing_app):
    with racing_app.app_context():
        area_id = make_live_contract(places=6).areas[0].id
    taken = rush(racing_app, [lambda: places.reserve(area_id)] * TAKERS)
    assert sum(taken) == 6
    with racing_app.app_context():
        assert db.session.get_one(ContractArea, area_id).reserved == 6


def test_a_contract_that_runs_out_in_the_rush_never_ends_with_a_place_held(racing_app):
    with racing_app.app_context():
        contract = make_live_contract(places=TAKERS)
        with write():
            live = db.session.get_one(Contract, contract.id)
            live.starts_on = live.ends_on = contract.starts_on
    area_id = contract.areas[0].id
    acts = [lambda: places.reserve(area_id)] * (TAKERS - 1)
    acts.insert(TAKERS // 2, lambda: actions.run_out(contract.id))
    taken = rush(racing_app, acts)
    with racing_app.app_context():
        held = db.session.get_one(ContractArea, area_id).reserved
        state = db.session.get_one(Contract, contract.id).state
        with write():
            assert not places.reserve(area_id)
    assert held == sum(taken) - 1
    assert state is (ContractState.ENDING if held else ContractState.ENDED)
