"""What waits for somebody about money: answers of funders, and co-signatures."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from lots.funding.funder_views import todo
from lots.funding.models import FunderState
from lots.funding.parties import own_row
from lots.funding.permissions import FundingPermission
from lots.funding.queries import waiting_lots
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting


def items(by: Acting) -> list[WaitingItem]:
    """Shares to answer, and lots to co-sign."""
    if not allowed(by, FundingPermission.SEE):
        return []
    found = []
    for lot in waiting_lots(by):
        row = own_row(by, lot)
        asked = row is not None and row.state == FunderState.INVITED
        if asked and by.has(*DRAFTERS):
            text = _("Say whether you pay a share of “%(title)s”", title=lot.title)
            found.append(WaitingItem(text, url_for("funded.answer", lot_id=lot.id)))
        elif not asked and by.has(*DECIDERS) and todo(lot, by):
            text = _("Co-sign the lot “%(title)s”", title=lot.title)
            found.append(WaitingItem(text, url_for("funded.sign", lot_id=lot.id)))
    return found


def register(app: Flask) -> None:
    """Show them on the front page."""
    waiting(app).append(items)
