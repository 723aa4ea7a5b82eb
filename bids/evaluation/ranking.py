"""The ranking: a pure function of scores, weights, prices, the published rules and lot limits.

Quality points of a criterion are score ÷ 4 × weight, exactly. Price points are lowest price ÷ own
price × price weight, rounded half up to a hundredth of a point. Bids equal in total are put in
order by the lot's tie rule; bids still equal share a place, and the decision between them needs a
published reason.

Where the lot belongs to a competition with a limit, a bid whose organisation leads bids that have
won as many of the other lots as one bidder may, by the decisions that stand at the moment of the
ranking, comes after all bids whose organisation has not. Among themselves such bids keep their
order. The limit moves bids and never changes anybody's points: the lowest price counts whosever
it is. It is the lots' order of decision that counts, not the bidder's wish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lots.vocabulary import TieRule

TOP_SCORE = 4
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class ScoredBid:
    """What counts of one bid: moderated scores (0 to 4) by criterion, and its price in pence.

    `limited`: its organisation has won its limit of the competition's other lots.
    """

    key: str
    scores: Mapping[str, int]
    price_pence: int
    limited: bool = False


@dataclass(frozen=True)
class Rules:
    """The published weights, in points, and the tie rule."""

    weights: Mapping[str, int]
    price_weight: int
    tie_rule: TieRule


@dataclass(frozen=True)
class Ranked:
    """One bid's points and place; `tied` where it shares its place, `limited` as it was given."""

    key: str
    quality: Decimal
    price: Decimal
    total: Decimal
    place: int
    tied: bool
    limited: bool = False

    @property
    def as_told(self) -> dict[str, Any]:
        """Points as text with the place, as they are stored and told."""
        return {
            "quality": str(self.quality),
            "price": str(self.price),
            "total": str(self.total),
            "place": self.place,
            "tied": self.tied,
        }

    @property
    def owes_reason(self) -> bool:
        """Awarding this bid is not simply following the ranking: a published reason is owed."""
        return self.place != 1 or self.tied or self.limited


@dataclass(frozen=True)
class _Points:
    bid: ScoredBid
    quality: Decimal
    price: Decimal

    def standing(self, rule: TieRule) -> tuple[bool, Decimal, Decimal]:
        """What decides the order; more is better."""
        second = self.quality if rule == TieRule.HIGHER_QUALITY else -Decimal(self.bid.price_pence)
        return not self.bid.limited, self.quality + self.price, second


def rank(bids: Iterable[ScoredBid], rules: Rules) -> list[Ranked]:
    """The bids in their order, best first; those sharing a place in the order of their keys.

    Raises ValueError for a price below one penny or a criterion without a score.
    """
    listed = list(bids)
    if any(bid.price_pence < 1 for bid in listed):
        raise ValueError("a price is at least one penny")
    lowest = min((bid.price_pence for bid in listed), default=0)
    points = [_Points(bid, _quality(bid, rules), _price(bid, lowest, rules)) for bid in listed]
    ranked = [_placed(each, points, rules.tie_rule) for each in points]
    return sorted(ranked, key=lambda each: (each.place, each.key))


def _quality(bid: ScoredBid, rules: Rules) -> Decimal:
    if bid.scores.keys() != rules.weights.keys():
        raise ValueError("every criterion needs one score")
    if any(not 0 <= score <= TOP_SCORE for score in bid.scores.values()):
        raise ValueError("a score is from 0 to 4")
    parts = (Decimal(bid.scores[name] * weight) for name, weight in rules.weights.items())
    return (sum(parts, Decimal(0)) / TOP_SCORE).quantize(HUNDREDTH)


def _price(bid: ScoredBid, lowest: int, rules: Rules) -> Decimal:
    points = Decimal(lowest) * rules.price_weight / Decimal(bid.price_pence)
    return points.quantize(HUNDREDTH, rounding=ROUND_HALF_UP)


def _placed(mine: _Points, everybody: list[_Points], rule: TieRule) -> Ranked:
    own = mine.standing(rule)
    better = sum(1 for other in everybody if other.standing(rule) > own)
    alike = sum(1 for other in everybody if other.standing(rule) == own)
    return Ranked(
        mine.bid.key,
        mine.quality,
        mine.price,
        mine.quality + mine.price,
        better + 1,
        alike > 1,
        mine.bid.limited,
    )
