"""What a bidder takes home: never kept by a browser's cache."""

from __future__ import annotations

from flask import Response


def as_file(content: str | bytes, mimetype: str, name: str) -> Response:
    """A text, or the bytes of a document, as a file to save."""
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
