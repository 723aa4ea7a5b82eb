"""Referring, working on cases and a Monday at the provider, on both databases."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from marketplace import audit
from tests.journeys import caseworking, referring
from tests.journeys.thread import Walk


def test_cases_are_referred_handed_over_and_worked_on(
    enter: Callable[[], Walk], world: Flask
) -> None:
    walk = enter()
    for step in (*referring.STEPS, *caseworking.WORKING):
        step(walk)

    with world.app_context():
        assert audit.verify().holds
