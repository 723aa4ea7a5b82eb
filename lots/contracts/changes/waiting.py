"""Changes that wait for a signature."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from lots.contracts.changes.permissions import ChangePermission
from lots.contracts.changes.queries import unsigned_by
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting

MOST = 10


def items(by: Acting) -> list[WaitingItem]:
    """Each change that the organisation acted for has yet to sign."""
    if not allowed(by, ChangePermission.SIGN):
        return []
    return [
        WaitingItem(
            _("Sign a change to %(reference)s", reference=change.contract.reference),
            url_for("changes.show", change_id=change.id),
        )
        for change in unsigned_by(by, MOST)
        if allowed(by, ChangePermission.SIGN, change)
    ]


def register(app: Flask) -> None:
    """Show them on the front page."""
    waiting(app).append(items)
