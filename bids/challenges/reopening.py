"""What taking an award back means: for the lot, its evaluation, its bids."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete

from bids.awards.models import Award
from bids.awards.telling import tell_bidders
from bids.challenges.models import Challenge, Outcome
from bids.evaluation import queries
from bids.evaluation.lifecycle import BACK_TO_MODERATION, BACK_TO_RANKING, EVALUATION
from bids.evaluation.models import Ranking
from bids.lifecycle import BID, RECONSIDER, REINSTATE
from bids.models import Bid, BidState
from lots.actions import NOT_PAUSED
from lots.lifecycle import LOT, REOPEN
from lots.models import Lot
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal


def reopen(challenge: Challenge, lot: Lot, outcome: Outcome, by: Acting) -> None:
    """Take the award back and evaluate again from moderation or from the ranking.

    The challenger's bid is checked again where it had been set aside. Raises Refusal where only
    the ranking would be looked at, in which such a bid does not stand.
    """
    evaluation = queries.get(challenge.award.evaluation_id, locked=True)
    set_aside = challenge.bid is not None and challenge.bid.state == BidState.SET_ASIDE
    if set_aside and outcome is Outcome.RANKING:
        raise Refusal(
            _(
                "This bidder was set aside, so its bid has no place in the ranking. Take the award "
                "back to the moderation: there the bid can be checked and scored."
            )
        )
    facts = {"decided_at": None, "standstill_ends_on": None, **NOT_PAUSED}
    LOT.take(REOPEN, lot, by, facts=facts, reason=outcome)
    if outcome is Outcome.MODERATION:
        EVALUATION.take(BACK_TO_MODERATION, evaluation, by)
        # The bidders’ summaries keep the points of the old one.
        db.session.execute(delete(Ranking).where(Ranking.evaluation_id == evaluation.id))
    else:
        EVALUATION.take(BACK_TO_RANKING, evaluation, by)
    supersede(challenge.award)
    bids = queries.opened_bids(evaluation)
    for bid in bids:
        _back(bid, challenge, by)
    tell_bidders("bids/challenges/mail/reopened.txt", bids, title=lot.title)


def supersede(award: Award) -> None:
    """The decision no longer stands; it is kept, with the moment."""
    award.superseded_at = clock.now()
    db.session.flush()


def _back(bid: Bid, challenge: Challenge, by: Acting) -> None:
    if bid.state in REINSTATE.frm:
        BID.take(REINSTATE, bid, by)
    elif bid.state == BidState.SET_ASIDE and bid.id == challenge.bid_id:
        BID.take(RECONSIDER, bid, by, facts={"ground": None, "ground_reason": None})
