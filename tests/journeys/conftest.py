"""The product in demonstration mode with its whole world, once for each file of journeys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace import clock
from tests.journeys.thread import Walk
from tests.journeys.visitors import HttpVisitor
from tests.support import apps
from tests.support.client import Client
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def world(
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Flask:
    """The product on a database of this file's own: journeys write for real."""
    name = request.module.__name__.rpartition(".")[2]
    folder = tmp_path_factory.mktemp(name)
    return apps.make_app(databases.demonstration(name, folder), folder, demonstration=True)


@pytest.fixture
def enter(world: Flask) -> Callable[[], Walk]:
    """Lets a visitor in by the front door, with a browser of their own."""

    def enter() -> Walk:
        with world.app_context():
            return Walk(HttpVisitor(Client(world)), clock.today())

    return enter
