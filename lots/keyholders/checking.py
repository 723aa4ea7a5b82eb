"""What the check of a draft says of its key holders, and what waits for them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, url_for
from flask_babel import gettext as _

from lots.keyholders import queries
from lots.keyholders.permissions import KeyPermission
from lots.models import Lot
from lots.proportionality import more_checks
from lots.proportionality.findings import Finding, missing
from lots.vocabulary import BEFORE_OPENING, Task
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting


def check(lot: Lot) -> Iterator[Finding]:
    """A lot that divides its key needs two holders with codes before it opens."""
    if lot.state in BEFORE_OPENING and queries.lacks_holders(lot):
        yield missing(
            Task.SEALING,
            _("Fewer than two people have confirmed their opening code."),
            _("Choose people, ask them to make their codes, or keep the key with the service."),
        )


def items(by: Acting) -> list[WaitingItem]:
    """Codes that this person was asked to make."""
    if not allowed(by, KeyPermission.MAKE_CODE):
        return []
    return [
        WaitingItem(
            _("Make your opening code for “%(title)s”", title=lot.title),
            url_for("keyholders.code", lot_id=lot.id),
        )
        for lot in queries.codes_to_make(by)
    ]


def register(app: Flask) -> None:
    """Add to the check of drafts and to the front page."""
    more_checks(app).append(check)
    waiting(app).append(items)
