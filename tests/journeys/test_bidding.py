"""A bid is written together, sealed, replaced, and opened by two people."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from marketplace import audit
from tests.journeys.bidding import Story
from tests.journeys.partnering import BIDDING
from tests.journeys.thread import Walk


def test_a_bid_is_written_together_sealed_and_opened(
    enter: Callable[[], Walk], world: Flask
) -> None:
    story = Story(enter(), enter())
    for step in BIDDING:
        step(story)

    with world.app_context():
        assert audit.verify().holds
