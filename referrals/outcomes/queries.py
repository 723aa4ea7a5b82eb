"""Reading how far somebody has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace.categories.queries import outcome_names
from marketplace.database import db
from referrals.models import ReferralOutcome
from referrals.outcomes.models import Moment, OutcomePosition


@dataclass(frozen=True)
class Path:
    """The positions that one of the two gave on one outcome, from first to last."""

    positions: Sequence[int]

    @property
    def start(self) -> int | None:
        """Where the person stood when first asked."""
        return self.positions[0] if self.positions else None

    @property
    def latest(self) -> int | None:
        """Where they stood when last asked."""
        return self.positions[-1] if self.positions else None

    @property
    def distance(self) -> int | None:
        """How far they have come; None before there are two positions."""
        if len(self.positions) < 2:
            return None
        return self.positions[-1] - self.positions[0]


@dataclass(frozen=True)
class Travelled:
    """The positions taken on one outcome, from first to last."""

    outcome_id: UUID
    outcome: str
    need_code: str
    need: str
    positions: Sequence[OutcomePosition]
    is_dropped: bool

    @property
    def caseworker(self) -> Path:
        """As the caseworker sees it."""
        return Path([each.position for each in self.positions])

    @property
    def own(self) -> Path:
        """As the person sees it, each time they wished to say."""
        return Path([each.own_position for each in self.positions if each.own_position is not None])


def outcomes_of(
    referral_id: UUID, needs: dict[str, str], *, dropped: bool = False
) -> list[Travelled]:
    """The chosen outcomes with the positions taken on each; `needs` are the needs' names.

    With `dropped` also those that are no longer chosen: what was said of them stays readable.
    """
    of_case = [ReferralOutcome.referral_id == referral_id]
    if not dropped:
        of_case.append(ReferralOutcome.dropped_at.is_(None))
    chosen = db.session.scalars(
        select(ReferralOutcome).where(*of_case).order_by(ReferralOutcome.position)
    ).all()
    taken: dict[UUID, list[OutcomePosition]] = {each.id: [] for each in chosen}
    positions = db.session.scalars(
        select(OutcomePosition)
        .where(OutcomePosition.referral_id == referral_id)
        .order_by(OutcomePosition.at, OutcomePosition.id)
    )
    # A start recorded late still stands first, and an end last.
    order = list(Moment)
    for position in sorted(positions, key=lambda each: order.index(each.moment)):
        if position.outcome_id in taken:
            taken[position.outcome_id].append(position)
    names = outcome_names()
    return [
        Travelled(
            each.id,
            names.get(each.outcome_code, each.outcome_code),
            each.need_code,
            needs.get(each.need_code, each.need_code),
            taken[each.id],
            each.dropped_at is not None,
        )
        for each in chosen
    ]
