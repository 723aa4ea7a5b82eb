"""The front page: the public doors, and what waits for whoever is signed in."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

from marketplace.permissions import public
from marketplace.registry import WaitingItem, waiting
from marketplace.web.acting import acting

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def front() -> str:
    """The public doors; above them, for a signed-in person, what waits."""
    return render_template("marketplace/home/front.html", waiting=_waiting())


def _waiting() -> list[WaitingItem]:
    by = acting()
    if by is None:
        return []
    return [item for asks in waiting() for item in asks(by)]


def register(app: Flask) -> None:
    """Add the front page."""
    app.register_blueprint(blueprint)
