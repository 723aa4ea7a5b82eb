"""A charity qualifies, an officer designs a lot with two funders, a bidder asks about one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from marketplace import audit
from tests.journeys import asking, designing, qualifying
from tests.journeys.thread import Walk


def test_a_new_charity_qualifies_at_once_and_bids(enter: Callable[[], Walk]) -> None:
    charity, office = enter(), enter()
    for step in qualifying.QUALIFYING:
        step(charity)
    qualifying.decide(office)
    qualifying.bid(charity)
    qualifying.nobody_else_sees_it(office)


@pytest.mark.parametrize("steps", [designing.DESIGNING, asking.ASKING], ids=["designing", "asking"])
def test_a_lot_is_designed_and_asked_about(
    steps: tuple[Callable[[Walk], None], ...], enter: Callable[[], Walk], world: Flask
) -> None:
    walk = enter()
    for step in steps:
        step(walk)

    with world.app_context():
        assert audit.verify().holds
