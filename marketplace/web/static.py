"""Addresses of static files that change with their content, so that they may be kept for a year."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

A_YEAR = 31_536_000


def static_url(filename: str) -> str:
    """The address of a file in `marketplace/static/`, with a piece of its hash."""
    return url_for("static", filename=filename, v=_mark(filename))


def _mark(filename: str) -> str:
    marks: dict[tuple[str, int], str] = current_app.extensions["static_marks"]
    path = Path(current_app.static_folder or "") / filename
    if not path.exists():
        return "0"
    key = (filename, path.stat().st_mtime_ns)
    if key not in marks:
        marks[key] = sha256(path.read_bytes()).hexdigest()[:12]
    return marks[key]


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code in (200, 304):
        exact = "v" in request.args
        response.headers["Cache-Control"] = (
            f"public, max-age={A_YEAR}, immutable" if exact else "public, max-age=3600"
        )
    return response


def register(app: Flask) -> None:
    """Let templates use `static_url` and browsers keep what it names."""
    app.extensions["static_marks"] = {}
    app.jinja_env.globals["static_url"] = static_url
    app.after_request(_keep)
