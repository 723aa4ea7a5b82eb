"""How a demand is put to bidders, and what counts as meeting it."""

from __future__ import annotations

from flask_babel import gettext as _

from bids.working import LETTERS_A_WORD
from lots.models import LotDemand
from lots.vocabulary import DEMANDS, Demand
from marketplace.web.filters import shown_pounds

WITH_FILES = (Demand.DOCUMENT, Demand.CERTIFICATE)
MOST_WORDS = 200
MOST_LETTERS = LETTERS_A_WORD * MOST_WORDS


def asked(demand: LotDemand) -> str:
    """What the lot's page asks for."""
    return shown_pounds(demand.least_pence) if demand.kind == Demand.TURNOVER else demand.text


def label(kind: Demand, text: str) -> str:
    """The demand as a heading and as a line of the task list."""
    if kind == Demand.DOCUMENT:
        return _("Document: %(text)s", text=text)
    if kind == Demand.CERTIFICATE:
        return _("Certificate: %(text)s", text=text)
    return f"{DEMANDS[kind]}: {text}"


def statement(demand: LotDemand) -> str:
    """What a bidder confirms where no file is asked for.

    Nobody is held to audited accounts that the law does not ask of it (Procurement Act 2023,
    section 22(3)).
    """
    text = asked(demand)
    return {
        Demand.TURNOVER: _("Our turnover is at least %(text)s a year", text=text),
        Demand.INSURANCE: _("We have this insurance: %(text)s", text=text),
        Demand.AUDITED_ACCOUNTS: _(
            "We have these audited accounts, or the law does not ask us for any: %(text)s",
            text=text,
        ),
        Demand.NAMED_AUTHORITY: _("We have this experience: %(text)s", text=text),
    }[demand.kind]
