"""Payments that wait for the answer of the partner they were paid to."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from lots.contracts.partners.permissions import PartnersPermission
from lots.contracts.partners.queries import to_answer
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting

MOST = 10


def items(by: Acting) -> list[WaitingItem]:
    """Each payment that the organisation acted for has yet to confirm."""
    if not allowed(by, PartnersPermission.ANSWER):
        return []
    return [
        WaitingItem(
            _(
                "Say whether you were paid for %(month)s under %(reference)s",
                month=format_date(payment.month, "MMMM y"),
                reference=payment.partner.contract.reference,
            ),
            url_for("contract_partners.own", partner_id=payment.partner_id),
        )
        for payment in to_answer(by, MOST)
    ]


def register(app: Flask) -> None:
    """Show them on the front page."""
    waiting(app).append(items)
