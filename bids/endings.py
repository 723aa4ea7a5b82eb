"""What a lot that ends without a decision here means for its bids."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from sqlalchemy import select

from bids.awards.cancelling import tell_agreed
from bids.awards.queries import award_of
from bids.challenges.actions import end_standing
from bids.challenges.reopening import supersede
from bids.evaluation.lifecycle import END, EVALUATION
from bids.evaluation.models import Evaluation, EvaluationState
from bids.evaluation.permissions import leads_and_did_not_score
from bids.evaluation.queries import evaluation_of
from bids.lifecycle import BID, LOSE, REVOKE
from bids.models import Bid, BidState
from bids.partners.queries import bids_too
from lots.lifecycle import CANCEL, NO_AWARD
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import events, outbox
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import Refused


def end_bids(lot: Lot, by: Acting | None) -> None:
    """Close evaluation and opened bids with their lot, and tell all who submitted.

    Sealed bids stay sealed. Whose bid was opened in a cancelled lot that was not decided reads
    what was agreed so far. A decision taken here tells its bidders itself, with reasons.
    Raises Refused for somebody of a bidder, and for whoever evaluated (domain, section 2).
    """
    evaluation = evaluation_of(lot.id)
    if by is not None and (bids_too(by.person_id, lot.id) or _evaluated(by, evaluation)):
        raise Refused(by.person_id)
    told: set[UUID] = set()
    if evaluation is not None:
        if evaluation.state == EvaluationState.DECIDED and not _winner(lot):
            return
        if evaluation.state != EvaluationState.DECIDED:
            EVALUATION.take(END, evaluation, by)
        if lot.state == LotState.CANCELLED and by is not None and not _winner(lot):
            told = tell_agreed(lot, evaluation, by)
        else:
            _end_award(lot, by)
    for bid in db.session.scalars(select(Bid).where(Bid.lot_id == lot.id).order_by(Bid.id)):
        if bid.state in LOSE.frm:
            BID.take(LOSE, bid, by)
        elif bid.state == BidState.SUCCESSFUL:
            BID.take(REVOKE, bid, by)
        if bid.versions and bid.state != BidState.WITHDRAWN and bid.id not in told:
            _tell(bid)


def _end_award(lot: Lot, by: Acting | None) -> None:
    """A decision that was never confirmed no longer stands, nor is there a challenge to answer."""
    award = award_of(lot.id)
    if award is not None:
        supersede(award)
        end_standing(award, by)


def _evaluated(by: Acting, evaluation: Evaluation | None) -> bool:
    return evaluation is not None and not leads_and_did_not_score(by, evaluation)


def _winner(lot: Lot) -> bool:
    found = select(Bid.id).where(Bid.lot_id == lot.id, Bid.state == BidState.SUCCESSFUL)
    return db.session.scalar(found) is not None


def _tell(bid: Bid) -> None:
    person = db.session.get_one(Person, UUID(bid.versions[-1].submitted_by))
    outbox.post(
        "bids/mail/ended.txt", to=person.email, subject_id=bid.id, facts={"bid_id": str(bid.id)}
    )


def register(app: Flask) -> None:
    """Hear of a lot's end."""
    for step in (CANCEL, NO_AWARD):
        events.when(app, step, end_bids)
