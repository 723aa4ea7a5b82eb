"""Line (g): places hold over 10,000 sendings from 50 connections, with two crashes in the middle.

The same run as `tests/races/test_places_hold.py`, as long as the issue asks for it; it judges, and
measures only how long it took.
"""

from __future__ import annotations

import random
import time
from functools import partial
from pathlib import Path

from marketplace.database import db
from tests.bench.report import Line
from tests.bench.serving import PRODUCT, served
from tests.races.holding import (
    Rush,
    assert_places_held,
    crash_database,
    kill_one_worker,
    make_world,
)
from tests.support.apps import make_app
from tests.support.databases import PostgresDatabases

WORKERS = 4
ATTEMPTS, QUICK_ATTEMPTS = 10_000, 1_000


def lines(on_postgres: PostgresDatabases, folder: Path, quick: bool) -> list[Line]:
    """What was done in how long; AssertionError where a place was given twice or somebody lost."""
    attempts = QUICK_ATTEMPTS if quick else ATTEMPTS
    url = on_postgres.prepared("places")
    app = make_app(url, folder)
    with app.app_context(), served(PRODUCT, folder, WORKERS, url, "places") as product:
        world = make_world(app, attempts, random.Random(1))
        db.session.remove()
        kills = {
            attempts // 3: partial(kill_one_worker, product.process.pid),
            2 * attempts // 3: partial(crash_database, on_postgres.server),
        }
        rush = Rush(product.address, db.engine, world, random.Random(1), kills)
        begun = time.perf_counter()
        rush.run()
        seconds = time.perf_counter() - begun
        db.engine.dispose()
        assert_places_held(rush, attempts)
        db.engine.dispose()
    head = f"(g) Places hold: {attempts} sendings, 50 connections, 40 services, 100 places"
    shown = ", ".join(f"{what} {count}" for what, count in sorted(rush.done.items()))
    return [
        Line(f"{head}, places given twice or people passed over", "0", "none", "met"),
        Line("(g) What was done", shown),
        Line("(g) Seconds", f"{seconds:.0f}"),
    ]
