"""Reading the record of the work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace.categories.queries import outcome_names
from marketplace.database import db
from marketplace.permissions import NotYours
from referrals.delivery.models import CaseSession, Moment, OutcomePosition
from referrals.models import ReferralOutcome


@dataclass(frozen=True)
class Travelled:
    """The positions taken on one outcome, from first to last."""

    outcome_id: UUID
    outcome: str
    need: str
    positions: Sequence[OutcomePosition]

    @property
    def start(self) -> int | None:
        """Where the person stood at the assessment."""
        return self.positions[0].position if self.positions else None

    @property
    def latest(self) -> int | None:
        """Where they stood when last asked."""
        return self.positions[-1].position if self.positions else None

    @property
    def distance(self) -> int | None:
        """How far they have come; None before there are two positions."""
        if self.start is None or self.latest is None or len(self.positions) < 2:
            return None
        return self.latest - self.start


def session_of(referral_id: UUID, session_id: UUID) -> CaseSession:
    """One session of this case. Raises NotYours where it belongs to another."""
    session = db.session.get(CaseSession, session_id)
    if session is None or session.referral_id != referral_id:
        raise NotYours()
    return session


def outcomes_of(referral_id: UUID, needs: dict[str, str]) -> list[Travelled]:
    """The chosen outcomes with the positions taken on each; `needs` are the needs' names."""
    chosen = db.session.scalars(
        select(ReferralOutcome)
        .where(ReferralOutcome.referral_id == referral_id)
        .order_by(ReferralOutcome.position)
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
        taken[position.outcome_id].append(position)
    names = outcome_names()
    return [
        Travelled(
            each.id,
            names.get(each.outcome_code, each.outcome_code),
            needs.get(each.need_code, each.need_code),
            taken[each.id],
        )
        for each in chosen
    ]
