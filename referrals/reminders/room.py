"""What this room adds to the product."""

from __future__ import annotations

from flask import Flask

from referrals.reminders import models  # noqa: F401 - its tables belong to the product


def register(app: Flask) -> None:
    """Nothing yet."""
