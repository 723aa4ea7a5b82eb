"""What waits for a person among invoices; one statement for each side."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import ngettext

from marketplace.acting import Acting
from marketplace.payments.bodies.permissions import PAYERS
from marketplace.payments.invoicing import queries
from marketplace.registry import WaitingItem, waiting
from marketplace.web.filters import shown_date, shown_pounds


def to_pay(by: Acting) -> list[WaitingItem]:
    """Invoices that the organisation acted for is to pay."""
    if not by.has(*PAYERS):
        return []
    found = queries.waits_to_be_paid(by.organisation_id)
    if not found.number:
        return []
    sentence = ngettext(
        "Pay %(num)s invoice, %(sum)s, by %(day)s",
        "Pay %(num)s invoices, %(sum)s together, the first by %(day)s",
        found.number,
        sum=shown_pounds(found.pence),
        day=shown_date(found.first_due),
    )
    return [WaitingItem(sentence, url_for("invoices.to_pay"), found.number)]


def to_look_at(by: Acting) -> list[WaitingItem]:
    """Invoices of the organisation acted for that do not go on by themselves."""
    if not by.has(*PAYERS):
        return []
    counts = queries.waits_for_issuer(by.organisation_id)
    sentences = {
        "held": ngettext(
            "%(num)s invoice could not be sent: look at it",
            "%(num)s invoices could not be sent: look at them",
            counts.get("held", 0),
        ),
        "late": ngettext(
            "%(num)s invoice is overdue: see whether it was paid",
            "%(num)s invoices are overdue: see whether they were paid",
            counts.get("late", 0),
        ),
    }
    return [
        WaitingItem(sentence, url_for("invoices.asked"), counts[name])
        for name, sentence in sentences.items()
        if name in counts
    ]


def register(app: Flask) -> None:
    """Say what waits."""
    waiting(app).extend([to_pay, to_look_at])
