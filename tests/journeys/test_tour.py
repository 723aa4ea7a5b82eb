"""The tour of docs/tour.md, walked through the interface from publication to payment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from marketplace import audit, clock, demonstration
from tests.journeys import registering, thread, using
from tests.journeys.thread import Walk
from tests.journeys.visitors import HttpVisitor
from tests.support import apps
from tests.support.client import Client
from tests.support.databases import NewDatabase


@pytest.fixture(scope="module")
def tour_app(new_database: NewDatabase, session_folder: Path) -> Flask:
    """The product in demonstration mode with its whole world, on a database of its own."""
    app = apps.make_app(new_database("tour"), session_folder, demonstration=True)
    with app.app_context():
        demonstration.build()
    return app


@pytest.fixture
def enter(tour_app: Flask) -> Callable[[], Walk]:
    """Lets a visitor in by the front door, with a browser of their own."""

    def enter() -> Walk:
        with tour_app.app_context():
            return Walk(HttpVisitor(Client(tour_app)), clock.today())

    return enter


def test_a_new_charity_qualifies_and_bids_and_a_lot_is_followed_from_publication_to_payment(
    enter: Callable[[], Walk], tour_app: Flask
) -> None:
    charity, office = enter(), enter()
    registering.register(charity)
    registering.apply(charity)
    registering.decide(office)
    registering.bid(charity)
    registering.nobody_else_sees_it(office)

    newcomer = enter()
    for step in (*thread.BUYING, *using.USING):
        step(newcomer)

    with tour_app.app_context():
        assert audit.verify().holds
