"""Endpoints that take a file may be sent more than the others."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app, request

MEGABYTE = 1_000_000


def takes_files(view: Callable) -> Callable:
    """Mark a view whose form carries a file."""
    view.takes_files = True  # type: ignore[attr-defined]  # on any function
    return view


def is_upload() -> bool:
    """Whether this request is for a view that takes files."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "takes_files", False)


def _raise_limit() -> None:
    if is_upload():
        # Twice what a file may have: one that is too large by less gets its answer on its own page.
        most = current_app.extensions["settings"].file_megabytes
        request.max_content_length = 2 * most * MEGABYTE


def register(app: Flask) -> None:
    """Before anything reads a request's form."""
    app.before_request(_raise_limit)
