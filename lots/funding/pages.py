"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask

from lots.funding import models  # noqa: F401  (the tables a lot refers to)


def register(app: Flask) -> None:
    """Add this room to the application."""
