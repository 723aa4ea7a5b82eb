"""Summaries for every bidder, generated from the moderated scores and their reasons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from bids.awards.models import Award, BidSummary, Reader, SummaryReview
from bids.awards.telling import tell_bidders
from bids.awards.texts import Told, told_by_bid
from bids.compliance.queries import told_of
from bids.evaluation import queries, standings
from bids.evaluation.ranking import Ranked
from bids.models import Bid, BidState
from bids.sealing import canonical
from marketplace import clock
from marketplace.database import db, new_id


def send_summaries(award: Award, bids: list[Bid], *, reviewed_only: bool = False) -> None:
    """Write every bidder's summary and its mail, all with the decision itself.

    With `reviewed_only` a bid whose texts nobody has reviewed is told its scores without them.
    """
    places = {UUID(each.key): each for each in standings.ranked(award.evaluation)}
    told = told_by_bid(award)
    unreviewed = _left_out(award, bids, told) if reviewed_only else set()
    corrections = told_of([bid.id for bid in bids])
    award.winner_told = _winner(award, bids, told, places)
    award.summaries_sent_at = clock.now()
    shared = {
        "bids": len(bids),
        "ranked": len(places),
        "winner": award.winner_told,
        "departs": award.departs,
        "published_reason": award.published_reason,
    }
    for bid in bids:
        content = shared | _own(bid, told.get(bid.id, []), places.get(bid.id))
        if bid.id in unreviewed:
            content["ground_reason"] = None
        content["corrections"] = corrections.get(bid.id, [])
        db.session.add(
            BidSummary(
                id=new_id(),
                bid_id=bid.id,
                award_id=award.id,
                content=canonical(content).decode(),
                sent_at=award.summaries_sent_at,
            )
        )
    tell_bidders("bids/mail/outcome.txt", bids, title=award.lot.title)


def _left_out(award: Award, bids: list[Bid], told: dict[UUID, list[Told]]) -> set[UUID]:
    """Leave reasons out of what is told of bids that nobody has reviewed; which these are."""
    found = select(SummaryReview.bid_id).where(SummaryReview.award_id == award.id)
    unreviewed = {bid.id for bid in bids} - set(db.session.scalars(found))
    for bid_id in unreviewed:
        for each in told.get(bid_id, []):
            each.redacted.update({Reader.BIDDER_REASON: "", Reader.BIDDER_NEEDED: ""})
    return unreviewed


def _own(bid: Bid, told: list[Told], place: Ranked | None) -> dict[str, Any]:
    return {
        "own": [
            _score(each, Reader.BIDDER_REASON) | {"needed": each.read_by(Reader.BIDDER_NEEDED)}
            for each in told
        ],
        "points": place.as_told if place else None,
        "ground": bid.ground.value if bid.ground else None,
        "ground_reason": bid.ground_reason if bid.state == BidState.SET_ASIDE else None,
    }


def _winner(
    award: Award, bids: list[Bid], told: dict[UUID, list[Told]], places: dict[UUID, Ranked]
) -> dict[str, Any] | None:
    """What everybody else reads of the winner; never what a higher score needed."""
    if award.bid_id is None:
        return None
    place = places.get(award.bid_id)
    return {
        "name": queries.bidder_names(bids)[award.bid_id],
        "criteria": [_score(each, Reader.OTHERS) for each in told.get(award.bid_id, [])],
        "points": place.as_told if place else None,
    }


def _score(told: Told, reader: Reader) -> dict[str, Any]:
    return {
        "criterion": told.criterion.name,
        "weight": told.criterion.weight,
        "score": told.moderated.score,
        "reason": told.read_by(reader),
    }
