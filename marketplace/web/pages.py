"""The pages that the footer links to."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template

from marketplace.permissions import public

pages = Blueprint("pages", __name__)


@pages.get("/accessibility")
@public
def accessibility() -> str:
    """The accessibility statement."""
    return render_template("marketplace/accessibility.html")


@pages.get("/privacy")
@public
def privacy() -> str:
    """What is kept about people, why, and for how long."""
    return render_template("marketplace/privacy.html")


@pages.get("/cookies")
@public
def cookies() -> str:
    """The one cookie and what it is for."""
    return render_template("marketplace/cookies.html")


def register(app: Flask) -> None:
    """Serve the footer's pages."""
    app.register_blueprint(pages)
