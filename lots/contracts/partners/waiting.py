"""Payments that wait for the partner’s answer, and months that the lead has yet to pay."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from lots.contracts.partners.permissions import PartnersPermission
from lots.contracts.partners.statement import to_answer, to_state
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem, waiting
from marketplace.web.filters import shown_pounds

MOST = 10


def to_confirm(by: Acting) -> list[WaitingItem]:
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


def to_pay(by: Acting) -> list[WaitingItem]:
    """Each month for which the lead acted for owes its partners, and has stated no payment."""
    if not allowed(by, PartnersPermission.STATE):
        return []
    return [
        WaitingItem(
            _(
                "Pay the partners for %(month)s under %(reference)s, %(amount)s, and state it",
                month=format_date(month, "MMMM y"),
                reference=contract.reference,
                amount=shown_pounds(pence),
            ),
            url_for("contract_partners.index", contract_id=contract.id),
        )
        for contract, month, pence in to_state(by, MOST)
    ]


def register(app: Flask) -> None:
    """Show them on the front page."""
    waiting(app).extend([to_confirm, to_pay])
