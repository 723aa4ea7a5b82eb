"""What this room adds to the application."""

from __future__ import annotations

from flask import Flask

from lots.contracts.books import lifecycle, pages, permissions, views
from lots.contracts.books.funding import promise
from lots.contracts.changes.lifecycle import IN_FORCE
from lots.contracts.changes.models import ContractChange
from lots.contracts.lifecycle import COMPLETE_SIGNING
from lots.contracts.models import Contract
from marketplace import events
from marketplace.acting import Acting


def signed(contract: Contract, by: Acting | None) -> None:
    """With the last signature every funder has promised its share."""
    promise(contract, by)


def changed(change: ContractChange, by: Acting | None) -> None:
    """A signed change of the value, the term or the shares moves the promises; no other does."""
    if "shares" in change.after:
        promise(change.contract, by)


def register(app: Flask) -> None:
    """Books: their table, the steps of contributions, and the promises that signing makes."""
    permissions.register(app)
    lifecycle.register(app)
    pages.register(app)
    views.register(app)
    events.when(app, COMPLETE_SIGNING, signed)
    events.when(app, IN_FORCE, changed)
