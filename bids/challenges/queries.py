"""Reading challenges: the buyer's side, and the bidder its own only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from bids.awards.models import Award
from bids.awards.queries import award_of, did_not_score
from bids.challenges.models import Challenge, ChallengeState
from bids.challenges.permissions import ChallengePermission
from bids.evaluation.permissions import is_tied
from bids.models import Bid
from lots.models import Lot
from lots.vocabulary import LotState, Route
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours, allowed


def get(challenge_id: UUID, by: Acting) -> Challenge:
    """One challenge for the lead buyer's people. Raises NotYours."""
    challenge = db.session.get(Challenge, challenge_id)
    if challenge is None or not allowed(by, ChallengePermission.READ, challenge):
        raise NotYours(challenge_id)
    return challenge


def of_lot(lot_id: UUID) -> list[Challenge]:
    """Every challenge of a lot's awards, the latest first."""
    found = select(Challenge).where(Challenge.lot_id == lot_id)
    found = found.options(selectinload(Challenge.bid)).order_by(Challenge.received_at.desc())
    return list(db.session.scalars(found))


def of_bid(bid_id: UUID) -> list[Challenge]:
    """A bidder's own challenges, the latest first."""
    found = select(Challenge).where(Challenge.bid_id == bid_id)
    return list(db.session.scalars(found.order_by(Challenge.received_at.desc())))


def waits_for_answer(bid_id: UUID) -> bool:
    """A challenge of this bidder's has not been answered yet."""
    return any(each.state == ChallengeState.RECEIVED for each in of_bid(bid_id))


def standing(award_id: UUID) -> list[Challenge]:
    """The challenges of an award that wait for their answer, first received first."""
    found = select(Challenge).where(
        Challenge.award_id == award_id, Challenge.state == ChallengeState.RECEIVED
    )
    return list(db.session.scalars(found.order_by(Challenge.received_at, Challenge.id)))


def standing_award(lot: Lot) -> Award | None:
    """The award in its standstill, for a letter: also after the last day, until it is confirmed."""
    return award_of(lot.id) if lot.state == LotState.STANDSTILL else None


def is_confirmed(lot: Lot) -> bool:
    """The standstill is over, and nobody can challenge the award here any more."""
    return lot.state == LotState.AWARDED and lot.route == Route.CONTRACT


def letters_may_come(lot: Lot) -> bool:
    """Also over the last day and once confirmed: one that came in time may turn up late."""
    return standing_award(lot) is not None or is_confirmed(lot)


def challengeable(lot: Lot, now: datetime) -> Award | None:
    """The award that can still be challenged: until the end of the standstill's last day."""
    if lot.state != LotState.STANDSTILL:
        return None
    over = lot.standstill_ends_on is not None and calendar.day_of(now) > lot.standstill_ends_on
    return None if over else award_of(lot.id)


def may_challenge(bid: Bid, by: Acting) -> bool:
    """Whether this bidder may challenge now: it was opened, did not win, and none of its stands."""
    award = challengeable(bid.lot, clock.now())
    if award is None or bid.organisation_id is None or award.bid_id == bid.id:
        return False
    return not waits_for_answer(bid.id) and allowed(by, ChallengePermission.RAISE, bid)


def to_answer(by: Acting) -> list[Challenge]:
    """The lead buyer's challenges that wait for an answer, oldest first.

    The list filter of `permissions.decides_of`.
    """
    found = (
        select(Challenge)
        .join(Challenge.lot)
        .join(Challenge.award)
        .where(
            Lot.lead_buyer_id == by.organisation_id,
            Challenge.state == ChallengeState.RECEIVED,
            ~is_tied(by.person_id, Lot.id),
            did_not_score(by),
        )
        .options(contains_eager(Challenge.lot))
        .order_by(Challenge.received_at, Challenge.id)
    )
    return list(db.session.scalars(found))
