"""The product in demonstration mode with its whole world, once for each file of journeys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from marketplace import clock, demonstration
from tests.journeys.thread import Walk
from tests.journeys.visitors import HttpVisitor
from tests.support import apps
from tests.support.client import Client
from tests.support.databases import NewDatabase


@pytest.fixture(scope="module")
def world(new_database: NewDatabase, session_folder: Path, request: pytest.FixtureRequest) -> Flask:
    """The product on a database of this file's own: journeys write for real."""
    name = request.module.__name__.rpartition(".")[2]
    app = apps.make_app(new_database(name), session_folder, demonstration=True)
    with app.app_context():
        demonstration.build()
    return app


@pytest.fixture
def enter(world: Flask) -> Callable[[], Walk]:
    """Lets a visitor in by the front door, with a browser of their own."""

    def enter() -> Walk:
        with world.app_context():
            return Walk(HttpVisitor(Client(world)), clock.today())

    return enter
