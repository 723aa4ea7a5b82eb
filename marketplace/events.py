"""What happened, told to the floors above in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app

from marketplace.acting import Acting

Handler = Callable[[Any, Acting | None], None]


def when(app: Flask, happening: Any, handler: Handler) -> None:
    """Call `handler(thing, by)` inside the transaction in which `happening` (a step) is taken."""
    app.extensions["events"].setdefault(happening, []).append(handler)


def emit(happening: Any, thing: Any, by: Acting | None) -> None:
    """Tell every handler; an exception in one refuses the whole transaction."""
    for handler in current_app.extensions["events"].get(happening, ()):
        handler(thing, by)


def register(app: Flask) -> None:
    """Give the application its table of handlers."""
    app.extensions["events"] = {}
