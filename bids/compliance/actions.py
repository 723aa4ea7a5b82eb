"""The check of one opened bid against the requirements."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _

from bids.compliance import queries
from bids.evaluation import queries as evaluations
from bids.evaluation.models import EvaluationState
from bids.evaluation.standings import store_ranking
from bids.lifecycle import BID, PASS, SET_ASIDE
from bids.models import SetAsideGround
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.lifecycle import Refusal


def pass_bid(evaluation_id: UUID, bid_id: UUID, by: Acting) -> None:
    """Confirm that a bid meets the requirements; its organisation must have qualified."""
    evaluation, bid = queries.held_bid(evaluation_id, bid_id, by)
    if evaluation.state not in evaluations.BEFORE_PRICES:
        raise Refusal(_("The check against the requirements ended when the prices were opened."))
    BID.take(PASS, bid, by)


def set_aside(
    evaluation_id: UUID, bid_id: UUID, ground: SetAsideGround, reason: str, by: Acting
) -> None:
    """Set a bid aside on one of the published grounds, with the reason the bidder will read.

    Once prices are open the only ground is a price above the value; the bids left are ranked
    again. Raises Refusal for any other ground then, for that one before, and while the bidder
    still has time to correct.
    """
    evaluation, bid = queries.held_bid(evaluation_id, bid_id, by)
    if queries.open_correction(bid.id) is not None:
        raise Refusal(
            _("The bidder has been asked to correct this bid. Wait, or take the request back.")
        )
    if ground not in queries.grounds(evaluation, bid):
        raise Refusal(
            _(
                "A bid can be set aside for its price only once prices are open and only where "
                "the price is above the value of the lot; on the other grounds only before."
            )
        )
    facts = {"ground": ground, "ground_reason": reason}
    BID.take(SET_ASIDE, bid, by, facts=facts, reason=ground)
    if evaluation.state == EvaluationState.PRICED:
        store_ranking(evaluation, clock.judged_now())
        audit.record("evaluation:ranked_again", subject=evaluation, by=by)
