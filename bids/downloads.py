"""What a bidder takes home: never kept by a browser's cache."""

from __future__ import annotations

from flask import Response


def as_file(text: str, mimetype: str, name: str) -> Response:
    """The text as a file to save."""
    answer = Response(text.encode(), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
