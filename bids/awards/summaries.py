"""Summaries for every bidder, generated from the moderated scores and their reasons."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bids.awards.models import Award, BidSummary
from bids.evaluation import queries, standings
from bids.evaluation.ranking import Ranked
from bids.models import Bid, BidState
from bids.sealing import canonical
from marketplace import clock, outbox
from marketplace.accounts.models import Person
from marketplace.database import db, new_id


def send_summaries(award: Award) -> None:
    """Write every bidder's summary and its mail, all with the decision itself."""
    evaluation = award.evaluation
    bids = queries.opened_bids(evaluation)
    places = {UUID(each.key): each for each in standings.ranked(evaluation)}
    criteria = _criteria(award)
    winner = None
    if award.bid_id is not None:
        winner = {
            "name": queries.bidder_names(bids)[award.bid_id],
            "criteria": criteria.get(award.bid_id, []),
            "points": _points(places.get(award.bid_id)),
        }
    for bid in bids:
        content = {
            "bids": len(bids),
            "own": criteria.get(bid.id, []),
            "points": _points(places.get(bid.id)),
            "winner": winner,
            "ground": bid.ground.value if bid.ground else None,
            "ground_reason": bid.ground_reason if bid.state == BidState.SET_ASIDE else None,
            "published_reason": award.published_reason,
        }
        db.session.add(
            BidSummary(
                id=new_id(),
                bid_id=bid.id,
                content=canonical(content).decode(),
                sent_at=clock.now(),
            )
        )
        _mail(bid)


def _criteria(award: Award) -> dict[UUID, list[dict[str, Any]]]:
    agreed = queries.moderated(award.evaluation)
    by_bid: dict[UUID, list[dict[str, Any]]] = {}
    for criterion in award.lot.criteria:
        for (bid_id, criterion_id), score in agreed.items():
            if criterion_id == criterion.id:
                by_bid.setdefault(bid_id, []).append(
                    {
                        "criterion": criterion.name,
                        "weight": criterion.weight,
                        "score": score.score,
                        "reason": score.reason,
                        "needed": score.needed,
                    }
                )
    return by_bid


def _points(ranked: Ranked | None) -> dict[str, Any] | None:
    if ranked is None:
        return None
    return {
        "quality": str(ranked.quality),
        "price": str(ranked.price),
        "total": str(ranked.total),
        "place": ranked.place,
    }


def _mail(bid: Bid) -> None:
    sender = db.session.get_one(Person, UUID(bid.versions[-1].submitted_by))
    outbox.post(
        "bids/mail/outcome.txt",
        to=sender.email,
        subject_id=bid.id,
        facts={"bid_id": str(bid.id), "title": bid.lot.title},
    )
