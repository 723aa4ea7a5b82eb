"""The ledger: double entry, integer pence, append-only; it knows nothing above it."""

from __future__ import annotations

from flask import Flask

from marketplace.payments import models  # noqa: F401  # so that its tables are known


def register(app: Flask) -> None:
    """The ledger has no pages of its own; what stands above shows its statements."""
