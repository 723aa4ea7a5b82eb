"""Every step of an evaluation, and of each evaluator's seat."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bids.evaluation import panel, queries
from bids.evaluation.models import (
    EVALUATION_STATES,
    SEAT_STATES,
    Evaluation,
    EvaluationState,
    PanelMember,
    SeatState,
)
from bids.models import TO_CHECK, BidState
from bids.permissions import BidPermission
from marketplace.lifecycle import Lifecycle, Step


def everybody_locked(evaluation: Evaluation) -> Any:
    """Moderation begins when two evaluators scored each criterion, and all who do have locked."""
    alone = panel.alone(evaluation)
    if alone:
        return _(
            "Each criterion needs two evaluators or more. Add to the panel, or change who scores "
            "what, for: %(criteria)s.",
            criteria=", ".join(alone),
        )
    if any(member.sits and member.state != SeatState.LOCKED for member in evaluation.panel):
        return _("Not all evaluators have locked their scores yet.")
    return None


def quality_settled(evaluation: Evaluation) -> Any:
    """Prices open once every bid is checked, and every compliant one moderated throughout."""
    bids = queries.opened_bids(evaluation)
    if any(bid.state in TO_CHECK for bid in bids):
        return _("Some bids have not been checked against the requirements yet.")
    compliant = [bid for bid in bids if bid.state == BidState.COMPLIANT]
    if not compliant:
        return _("No bid is left to rank. Recommend to end without an award.")
    agreed = queries.moderated(evaluation)
    wanted = {(bid.id, each.id) for bid in compliant for each in evaluation.lot.criteria}
    if wanted - agreed.keys():
        return _("Some bids have no moderated score for some criteria yet.")
    return None


def every_score_given(member: PanelMember) -> Any:
    """Scores are locked when every bid has one under each criterion allocated to the seat."""
    left = queries.unscored(member)
    return _("Some scores are still missing. Score them, then lock.") if left else None


START_MODERATION = Step(
    "start_moderation",
    frm=(EvaluationState.SCORING,),
    to=EvaluationState.MODERATING,
    label=_l("Start moderation"),
    permission=BidPermission.MANAGE,
    guard=everybody_locked,
)
OPEN_PRICES = Step(
    "open_prices",
    frm=(EvaluationState.MODERATING,),
    to=EvaluationState.PRICED,
    label=_l("Lock the quality scores and open the prices"),
    permission=BidPermission.MANAGE,
    guard=quality_settled,
)
RECOMMEND = Step(
    "recommend",
    frm=(EvaluationState.SCORING, EvaluationState.MODERATING, EvaluationState.PRICED),
    to=EvaluationState.RECOMMENDED,
    label=_l("Send the recommendation"),
    permission=BidPermission.MANAGE,
)
DECIDE = Step(
    "decide",
    frm=(EvaluationState.RECOMMENDED,),
    to=EvaluationState.DECIDED,
    label=_l("Decide"),
    permission=BidPermission.DECIDE,
)
END = Step(
    "end",
    frm=(
        EvaluationState.SCORING,
        EvaluationState.MODERATING,
        EvaluationState.PRICED,
        EvaluationState.RECOMMENDED,
    ),
    to=EvaluationState.DECIDED,
    label=_l("End with the lot"),
)
SEND_BACK = Step(
    "send_back",
    frm=(EvaluationState.RECOMMENDED,),
    to=EvaluationState.PRICED,
    label=_l("Send the recommendation back to the ranking"),
)
SEND_BACK_UNRANKED = Step(
    "send_back_unranked",
    frm=(EvaluationState.RECOMMENDED,),
    to=EvaluationState.SCORING,
    label=_l("Send a recommendation that came before the prices back"),
)
BACK_TO_MODERATION = Step(
    "back_to_moderation",
    frm=(EvaluationState.DECIDED,),
    to=EvaluationState.MODERATING,
    label=_l("Moderate the scores again"),
    permission=BidPermission.DECIDE,
)
BACK_TO_RANKING = Step(
    "back_to_ranking",
    frm=(EvaluationState.DECIDED,),
    to=EvaluationState.PRICED,
    label=_l("Recommend again from the ranking"),
    permission=BidPermission.DECIDE,
)

EVALUATION = Lifecycle(
    "evaluation",
    Evaluation,
    EVALUATION_STATES,
    [
        START_MODERATION,
        OPEN_PRICES,
        RECOMMEND,
        DECIDE,
        END,
        SEND_BACK,
        SEND_BACK_UNRANKED,
        BACK_TO_MODERATION,
        BACK_TO_RANKING,
    ],
)

DECLARE_NONE = Step(
    "declare_none",
    frm=(SeatState.ASSIGNED,),
    to=SeatState.SCORING,
    label=_l("Declare that there is no conflict"),
    permission=BidPermission.DECLARE,
)
DECLARE_CONFLICT = Step(
    "declare_conflict",
    frm=(SeatState.ASSIGNED, SeatState.SCORING),
    to=SeatState.DECLARED,
    label=_l("Declare an interest"),
    permission=BidPermission.DECLARE,
)
KEEP = Step(
    "keep",
    frm=(SeatState.DECLARED,),
    to=SeatState.SCORING,
    label=_l("Keep on the panel, for a reason"),
    permission=BidPermission.SEAT,
)
LOCK = Step(
    "lock",
    frm=(SeatState.SCORING,),
    to=SeatState.LOCKED,
    label=_l("Lock my scores"),
    permission=BidPermission.SCORE,
    guard=every_score_given,
)
STAND_DOWN = Step(
    "stand_down",
    frm=(SeatState.ASSIGNED, SeatState.DECLARED, SeatState.SCORING, SeatState.LOCKED),
    to=SeatState.STOOD_DOWN,
    label=_l("Take off the panel"),
    permission=BidPermission.SEAT,
)
TIED = Step(
    "tied",
    frm=(SeatState.ASSIGNED, SeatState.DECLARED, SeatState.SCORING),
    to=SeatState.STOOD_DOWN,
    label=_l("Found to belong to a bidder"),
)

SEAT = Lifecycle(
    "panel_member",
    PanelMember,
    SEAT_STATES,
    [DECLARE_NONE, DECLARE_CONFLICT, KEEP, LOCK, STAND_DOWN, TIED],
)
