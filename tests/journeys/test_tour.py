"""The tour of docs/tour.md, walked through the interface from publication to payment."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from marketplace import audit
from tests.journeys import thread, using
from tests.journeys.thread import Walk


def test_a_lot_is_followed_from_publication_to_payment(
    enter: Callable[[], Walk], world: Flask
) -> None:
    newcomer = enter()
    for step in (*thread.BUYING, *using.USING):
        step(newcomer)

    with world.app_context():
        assert audit.verify().holds
