"""What waits for a person among payments; one statement for each side."""

from __future__ import annotations

from datetime import date

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.acting import Acting, Role
from marketplace.payments.bodies.permissions import PAYERS
from marketplace.payments.paying import queries
from marketplace.payments.paying.models import PaymentState
from marketplace.registry import WaitingItem, waiting
from marketplace.web.filters import shown_date


def waits_for(by: Acting) -> list[WaitingItem]:
    """Payments to make, to record, to look at; for a provider, where it wants to be paid."""
    found = _of_payer(by) if by.has(*PAYERS) else []
    if by.has(Role.FINANCE) and queries.lacks_bank_details(by.organisation_id):
        sentence = _("Say where you are paid: money waits for you")
        found.append(WaitingItem(sentence, url_for("payments.bank_details")))
    return found


def _of_payer(by: Acting) -> list[WaitingItem]:
    counts = queries.waiting_counts(by.organisation_id)
    items = []
    for state, endpoint in (
        (PaymentState.HELD, "payments.index"),
        (PaymentState.SHORT, "payments.index"),
        (PaymentState.READY, "payments.export"),
        (PaymentState.EXPORTED, "payments.record"),
        (PaymentState.RETURNED, "payments.paid"),
    ):
        if state in counts:
            count, first_day = counts[state]
            items.append(WaitingItem(_sentence(state, count, first_day), url_for(endpoint), count))
    return items


def _sentence(state: PaymentState, count: int, first_day: date) -> str:
    day = shown_date(first_day)
    if state == PaymentState.HELD:
        return ngettext(
            "%(num)s payment is held: look at it", "%(num)s payments are held: look at them", count
        )
    if state == PaymentState.SHORT:
        return ngettext(
            "%(num)s payment waits for money in your account with Stripe",
            "%(num)s payments wait for money in your account with Stripe",
            count,
        )
    if state == PaymentState.READY:
        return ngettext(
            "Pay %(num)s payment from your bank by %(day)s",
            "Pay %(num)s payments from your bank, the first by %(day)s",
            count,
            day=day,
        )
    if state == PaymentState.EXPORTED:
        return ngettext(
            "Record whether your bank has made %(num)s payment",
            "Record whether your bank has made %(num)s payments",
            count,
        )
    return ngettext(
        "%(num)s payment came back: pay it again",
        "%(num)s payments came back: pay them again",
        count,
    )


def register(app: Flask) -> None:
    """Say what waits."""
    waiting(app).append(waits_for)
