"""The burden meter: how long a bid takes, for everybody who bids, against what the lot is worth.

The estimate comes from what is asked. It is corrected by the hours that bidders say they spent:
the median of spent over estimated, once three bids tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select

from lots.models import Lot, LotDemand, LotQuestion
from lots.proportionality.policy import Policy
from lots.proportionality.queries import policy_of
from lots.proportionality.rules import yearly_pence
from lots.vocabulary import Demand
from marketplace.database import db
from marketplace.registry import measures
from marketplace.web.filters import shown_pounds

LEAST_BIDS = 3
HOURS_SPENT = "hours spent by lot"


@dataclass(frozen=True)
class Asked:
    """What a bid has to answer to."""

    questions: int
    words: int
    documents: int
    demands: int


@dataclass(frozen=True)
class Burden:
    """What bidding for a lot takes; `parts` are (what, minutes) of one bid before correction.

    `hours_each` and `hours` are rounded to whole hours, at least 1; `permille` is the cost of all
    bids in thousandths of the yearly value, None without one. `told` counts the bids whose hours
    corrected the estimate by `factor`.
    """

    parts: tuple[tuple[Any, int], ...]
    hours_each: int
    bidders: int
    cost_pence: int
    permille: int | None
    small_bid_hours: int
    hour_pence: int
    told: int
    factor: Decimal

    @property
    def hours(self) -> int:
        """The hours of all bidders together."""
        return self.hours_each * self.bidders

    @property
    def too_long(self) -> bool:
        """Whether one bid takes longer than a small organisation can spare."""
        return self.hours_each > self.small_bid_hours


def asked_of(lot: Lot) -> Asked:
    """What a lot asks of each bidder."""
    documents = sum(each.kind == Demand.DOCUMENT for each in lot.demands)
    return Asked(
        questions=len(lot.questions),
        words=sum(question.word_limit or 0 for question in lot.questions),
        documents=documents,
        demands=len(lot.demands) - documents,
    )


def parts_of(asked: Asked, policy: Policy) -> tuple[tuple[Any, int], ...]:
    """(what, minutes) of one bid."""
    return (
        (_l("Reading the lot and deciding"), policy.base_minutes),
        (_l("Planning each answer"), asked.questions * policy.minutes_per_question),
        (_l("Writing"), -(-asked.words * policy.minutes_per_100_words // 100)),
        (_l("Documents to send"), asked.documents * policy.minutes_per_document),
        (_l("Other demands to meet"), asked.demands * policy.minutes_per_demand),
    )


def reckoned(
    asked: Asked, policy: Policy, bidders: int, yearly: int | None, told: list[Decimal]
) -> Burden:
    """The burden by pure arithmetic; `told` are the ratios of hours spent to hours estimated."""
    parts = parts_of(asked, policy)
    factor = Decimal(median(told)) if len(told) >= LEAST_BIDS else Decimal(1)
    minutes = sum(part for _what, part in parts) * factor
    hours = max(1, int((minutes / 60).to_integral_value(ROUND_HALF_UP)))
    cost = hours * bidders * policy.hour_pence
    permille = None
    if yearly:
        permille = int((Decimal(cost * 1000) / yearly).to_integral_value(ROUND_HALF_UP))
    return Burden(
        parts=parts,
        hours_each=hours,
        bidders=bidders,
        cost_pence=cost,
        permille=permille,
        small_bid_hours=policy.small_bid_hours,
        hour_pence=policy.hour_pence,
        told=len(told) if len(told) >= LEAST_BIDS else 0,
        factor=factor,
    )


def burden_of(lot: Lot) -> Burden:
    """The burden of one lot, by the policy it is judged by."""
    policy = policy_of(lot)
    bidders = lot.expected_bidders or policy.usual_bidders
    return reckoned(asked_of(lot), policy, bidders, yearly_pence(lot), _told(policy))


def _told(policy: Policy) -> list[Decimal]:
    """Spent over estimated for each bid that tells; read once a request, in two statements."""
    if "hours_told" not in g:
        spent: Iterable[tuple[UUID, Decimal]] = ()
        if HOURS_SPENT in measures():
            spent = measures()[HOURS_SPENT]()
        g.hours_told = list(_ratios(list(spent), policy))
    return g.hours_told


def _ratios(spent: list[tuple[UUID, Decimal]], policy: Policy) -> Iterable[Decimal]:
    estimated = _estimated({lot_id for lot_id, _hours in spent}, policy) if spent else {}
    for lot_id, hours in spent:
        if lot_id in estimated and hours > 0:
            yield Decimal(hours) * 60 / estimated[lot_id]


def _estimated(lot_ids: set[UUID], policy: Policy) -> dict[UUID, int]:
    """The minutes that the parts of each lot add up to."""
    questions = db.session.execute(
        select(LotQuestion.lot_id, func.count(), func.sum(LotQuestion.word_limit))
        .where(LotQuestion.lot_id.in_(lot_ids))
        .group_by(LotQuestion.lot_id)
    )
    documents = func.count().filter(LotDemand.kind == Demand.DOCUMENT)
    demands = db.session.execute(
        select(LotDemand.lot_id, documents, func.count())
        .where(LotDemand.lot_id.in_(lot_ids))
        .group_by(LotDemand.lot_id)
    )
    demanded = {lot_id: (papers, total - papers) for lot_id, papers, total in demands}
    return {
        lot_id: sum(
            minutes
            for _what, minutes in parts_of(
                Asked(count, int(words), *demanded.get(lot_id, (0, 0))), policy
            )
        )
        for lot_id, count, words in questions
    }


def in_words(burden: Burden) -> str:
    """The whole meter as one sentence."""
    each = ngettext(
        "About %(num)s hour for each bidder",
        "About %(num)s hours for each bidder",
        burden.hours_each,
    )
    bidders = ngettext("about %(num)s bidder", "about %(num)s bidders", burden.bidders)
    together = ngettext("%(num)s hour", "%(num)s hours", burden.hours)
    cost = _(
        "about %(cost)s at %(rate)s an hour",
        cost=shown_pounds(rounded_pounds(burden.cost_pence)),
        rate=shown_pounds(burden.hour_pence),
    )
    sentence = _(
        "%(each)s, %(bidders)s: %(together)s, %(cost)s",
        each=each,
        bidders=bidders,
        together=together,
        cost=cost,
    )
    if burden.permille is None:
        return _("%(sentence)s.", sentence=sentence)
    return _("%(sentence)s, %(share)s of a year’s value.", sentence=sentence, share=_share(burden))


def _share(burden: Burden) -> str:
    if (burden.permille or 0) < 10:
        return _("under %(percent)s%%", percent=1)
    percent = Decimal(burden.permille or 0) / 10
    return _("%(percent)s%%", percent=int(percent.to_integral_value(ROUND_HALF_UP)))


def rounded_pounds(pence: int) -> int:
    """Pence rounded to two significant figures of pounds: an estimate, not an account."""
    pounds = Decimal(pence) / 100
    places = max(len(str(int(pounds))) - 2, 0)
    step = Decimal(10) ** places
    return int((pounds / step).to_integral_value(ROUND_HALF_UP) * step) * 100
