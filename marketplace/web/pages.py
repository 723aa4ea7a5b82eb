"""The footer's pages, and the design system's own images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, render_template, send_from_directory

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


@pages.get("/assets/<path:filename>")
@public
def asset(filename: str) -> Any:
    """Images that the design system's style sheet names under /assets."""
    folder = Path(current_app.static_folder or "") / "vendor" / "assets"
    return send_from_directory(folder, filename, max_age=86_400)


def register(app: Flask) -> None:
    """Serve the footer's pages."""
    app.register_blueprint(pages)
