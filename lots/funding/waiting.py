"""What waits for somebody about money: answers of funders, and co-signatures."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from lots.funding.models import FunderState, Purpose
from lots.funding.parties import must_sign, own_row
from lots.funding.permissions import FundingPermission
from lots.funding.queries import waiting_lots
from lots.funding.signing import standings, terms_hash
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS
from lots.vocabulary import EDITABLE
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting


def awaited(lot: Lot, by: Acting) -> str:
    """What waits for the organisation acted for on this lot, in words; nothing where nothing."""
    if lot.state not in EDITABLE:
        return ""
    row = own_row(by, lot)
    if row is not None and row.state == FunderState.INVITED:
        return _("Your answer")
    return _("Your signature") if _owes_signature(lot, by) else ""


def _owes_signature(lot: Lot, by: Acting) -> bool:
    if lot.signatures_asked_at is None or not must_sign(by, lot):
        return False
    signed = standings(lot, Purpose.PUBLICATION, terms_hash(lot))
    mine = [each for each in signed if by.organisation_id in each.signer.organisation_ids]
    return any(each.signed is None for each in mine)


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
        elif not asked and by.has(*DECIDERS) and awaited(lot, by):
            text = _("Co-sign the lot “%(title)s”", title=lot.title)
            found.append(WaitingItem(text, url_for("funded.sign", lot_id=lot.id)))
    return found


def register(app: Flask) -> None:
    """Show them on the front page."""
    waiting(app).append(items)
