"""Worth bidding for you? Five answers against one lot; nothing is stored, nobody is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from lots.models import Lot
from lots.proportionality.burden import Burden
from lots.proportionality.rules import yearly_pence
from lots.vocabulary import Demand, Transfer
from marketplace import clock
from marketplace.organisations.models import IncomeBand
from marketplace.web.filters import shown_date, shown_pounds


class Fit(StrEnum):
    """How well one answer fits the lot."""

    GOOD = "good"
    SETTLE = "settle"
    HARD = "hard"


FITS = {Fit.GOOD: _l("Fits"), Fit.SETTLE: _l("To settle first"), Fit.HARD: _l("Hard on your own")}


class Where(StrEnum):
    """How much of the lot's areas an organisation works in."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


WHERE = {
    Where.ALL: _l("Yes, in all of them"),
    Where.SOME: _l("In some of them"),
    Where.NONE: _l("Not yet"),
}


class Kind(StrEnum):
    """Whether an organisation does this kind of work."""

    NOW = "now"
    CLOSE = "close"
    NEW = "new"


KINDS = {
    Kind.NOW: _l("Yes, we do this now or have done it"),
    Kind.CLOSE: _l("We do something close to it"),
    Kind.NEW: _l("It would be new to us"),
}


class Ready(StrEnum):
    """Whether an organisation can start in time."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


READY = {
    Ready.YES: _l("Yes"),
    Ready.PARTLY: _l("With some help, or with fewer places at first"),
    Ready.NO: _l("Not by then"),
}

# The top of each band of yearly income, in pence; the last has none.
MOST_INCOME = {
    IncomeBand.UNDER_10K: 10_000_00,
    IncomeBand.TO_100K: 100_000_00,
    IncomeBand.TO_1M: 1_000_000_00,
    IncomeBand.TO_10M: 10_000_000_00,
    IncomeBand.OVER_10M: None,
}


@dataclass(frozen=True)
class Answers:
    """What the reader said; `hours` they could spend on a bid until closing."""

    where: Where
    kind: Kind
    income: IncomeBand
    ready: Ready
    hours: int


@dataclass(frozen=True)
class Reading:
    """One answer read against the lot."""

    about: Any
    fit: Fit
    text: str


def readings(lot: Lot, answers: Answers, burden: Burden) -> list[Reading]:
    """Each answer against the lot, in the order of the questions."""
    return [
        _where(answers.where),
        _kind(answers.kind),
        _money(lot, answers.income),
        _ready(lot, answers.ready),
        _time(answers.hours, burden),
    ]


def verdict(found: list[Reading]) -> str:
    """The overall picture; never a refusal, as the decision is the bidder's."""
    hard = sum(each.fit is Fit.HARD for each in found)
    settle = sum(each.fit is Fit.SETTLE for each in found)
    if hard >= 2:
        return _("Hard on your own. A partner could make it work, or a smaller lot may suit you.")
    if hard:
        return _("It could work, with one hard thing to solve. A partner may be the answer.")
    if settle > 2:
        return _("Worth a closer look, with several things to settle first.")
    if settle:
        return ngettext(
            "It looks worth bidding for, with %(num)s thing to settle first.",
            "It looks worth bidding for, with %(num)s things to settle first.",
            settle,
        )
    return _("It looks worth bidding for.")


def _where(answer: Where) -> Reading:
    said = {
        Where.ALL: (Fit.GOOD, _("You work where the service is needed.")),
        Where.SOME: (
            Fit.SETTLE,
            _("You could bid for a part of the areas, or find a partner for the others."),
        ),
        Where.NONE: (
            Fit.HARD,
            _("Bids are judged on knowing the area. Somebody local could be your partner."),
        ),
    }
    return Reading(_("Where you work"), *said[answer])


def _kind(answer: Kind) -> Reading:
    said = {
        Kind.NOW: (Fit.GOOD, _("You can show what you have done.")),
        Kind.CLOSE: (Fit.SETTLE, _("Show what carries over. Work for other people counts too.")),
        Kind.NEW: (
            Fit.HARD,
            _("You may still bid. You need to show how you would learn it, or who joins you."),
        ),
    }
    return Reading(_("Kind of service"), *said[answer])


def _money(lot: Lot, band: IncomeBand) -> Reading:
    about, yearly, most = _("Size"), yearly_pence(lot), MOST_INCOME[band]
    turnover = max(
        (each.least_pence or 0 for each in lot.demands if each.kind == Demand.TURNOVER), default=0
    )
    if most is not None and turnover > most:
        return Reading(
            about,
            Fit.HARD,
            _(
                "A yearly turnover of %(amount)s is asked for. Ask the buyer why, or bid together.",
                amount=shown_pounds(turnover),
            ),
        )
    if yearly is None:
        return Reading(about, Fit.SETTLE, _("The value is not known yet. Follow the lot."))
    if most is None or yearly <= most // 2:
        return Reading(
            about,
            Fit.GOOD,
            _("It is worth %(amount)s a year, not much for your size.", amount=shown_pounds(yearly))
            if most is None or yearly <= most // 20
            else _(
                "It is worth %(amount)s a year, which suits your size.", amount=shown_pounds(yearly)
            ),
        )
    if yearly <= most:
        return Reading(
            about,
            Fit.SETTLE,
            _(
                "It is worth %(amount)s a year, a large part of your income. Check when you would "
                "be paid.",
                amount=shown_pounds(yearly),
            ),
        )
    return Reading(
        about,
        Fit.HARD,
        _(
            "It is worth %(amount)s a year, more than your income. Bid for a part, or together.",
            amount=shown_pounds(yearly),
        ),
    )


def _ready(lot: Lot, answer: Ready) -> Reading:
    said = {
        Ready.YES: (Fit.GOOD, _("You can start in time.")),
        Ready.PARTLY: (Fit.SETTLE, _("Say in the bid how the service grows in its first months.")),
        Ready.NO: (
            Fit.HARD,
            _("Ask the buyer whether the start can move, or join others."),
        ),
    }
    fit, text = said[answer]
    moves = " ".join(_moving(lot))
    if moves and fit is Fit.GOOD:
        fit = Fit.SETTLE
    return Reading(_("Start"), fit, f"{text} {moves}".strip())


def _moving(lot: Lot) -> Iterator[str]:
    if lot.transfer in (Transfer.YES, Transfer.MAY):
        yield _("Staff of today’s provider may move to you: read the staff-cost sheet first.")


def _time(hours: int, burden: Burden) -> Reading:
    text = ngettext(
        "A bid takes about %(num)s hour; you have %(hours)s.",
        "A bid takes about %(num)s hours; you have %(hours)s.",
        burden.hours_each,
        hours=hours,
    )
    if hours >= burden.hours_each:
        return Reading(_("Time"), Fit.GOOD, text)
    if hours * 2 >= burden.hours_each:
        advice = _("Answers that you have given before save time.")
        return Reading(_("Time"), Fit.SETTLE, f"{text} {advice}")
    advice = _("Share the work with a partner, or follow the lot and bid next time.")
    return Reading(_("Time"), Fit.HARD, f"{text} {advice}")


def start_question(lot: Lot) -> str:
    """The fourth question, with the day the service starts."""
    if lot.starts_on is None:
        return _("Could you start within a year?")
    return _("Could you start on %(day)s?", day=shown_date(lot.starts_on))


def time_question(lot: Lot) -> str:
    """The fifth question, with the days that are left."""
    if lot.closes_at is None or lot.closes_at <= clock.now():
        return _("How many hours could you spend on a bid?")
    return _(
        "How many hours could you spend on a bid until %(day)s?", day=shown_date(lot.closes_at)
    )
