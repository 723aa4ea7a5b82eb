"""Places hold: whatever people do at once and whatever crashes, no place is given twice.

10,000 sendings take many minutes and run under `make bench ARGS="--only places"`; here are as many
of the same mixture as a run of all tests has time for.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from marketplace.database import db
from tests.races.conftest import WORKERS, StartProduct
from tests.races.holding import (
    Rush,
    assert_places_held,
    crash_database,
    kill_one_worker,
    make_world,
)
from tests.support import postgres, seeds
from tests.support.apps import SECRET_KEY, make_app
from tests.support.databases import PostgresDatabases

pytestmark = pytest.mark.race

ATTEMPTS, ATTEMPTS_IN_FULL = 200, 2000


def test_no_place_is_given_twice_and_nobody_is_passed_over(
    tmp_path: Path, start_product: StartProduct
) -> None:
    chance = seeds.chance()
    attempts = seeds.repetitions(ATTEMPTS, ATTEMPTS_IN_FULL)
    # A server of its own, to be crashed, that keeps what it has acknowledged.
    server = postgres.start(durable=True)
    try:
        databases = PostgresDatabases(server, tmp_path)
        databases.prepare()
        url = databases.prepared("places")
        app = make_app(url, tmp_path)
        product = start_product(
            database_url=url,
            workers=WORKERS,
            instance=str(tmp_path),
            secret_key=SECRET_KEY,
        )
        with app.app_context():
            world = make_world(app, attempts, chance)
            db.session.remove()
            kills = {
                attempts // 3: partial(kill_one_worker, product.process.pid),
                2 * attempts // 3: partial(crash_database, server),
            }
            rush = Rush(product.address, db.engine, world, chance, kills)
            rush.run()
            db.engine.dispose()
            assert_places_held(rush, attempts)
            db.engine.dispose()
        product.stop()
    finally:
        server.remove()
