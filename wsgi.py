"""The composed product: the only file that knows every floor."""

from __future__ import annotations

from flask import Flask

import bids
import lots
import referrals
from marketplace.app import create_ground
from marketplace.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The whole product; `settings` default to the environment's."""
    application = create_ground(settings or Settings())
    for floor in (lots, bids, referrals):
        floor.register(application)
    return application


def __getattr__(name: str) -> Flask:
    # Servers ask for `wsgi:app`; a test that imports create_app must not build a second one.
    if name == "app":
        globals()["app"] = create_app()
        return globals()["app"]
    raise AttributeError(name)
