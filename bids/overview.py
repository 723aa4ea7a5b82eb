"""What looks over a competition from its opening to its award: every evaluation, and one of them.

They stand above the rooms they tell of; the other pages of an evaluation are its own room's.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, render_template, url_for

from bids.awards.queries import award_of
from bids.evaluation import queries, standings
from bids.evaluation.lifecycle import EVALUATION
from bids.evaluation.views import blueprint
from bids.opening.queries import lots_to_open
from bids.permissions import BidPermission
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.acting import Role
from marketplace.permissions import allowed, requires
from marketplace.registry import panels
from marketplace.web.acting import actor


@blueprint.get("")
@requires(BidPermission.SEE_EVALUATION)
def index() -> Any:
    """Lots to open, and evaluations this person has a part in."""
    by = actor()
    runs = by.has(*DRAFTERS, *DECIDERS)
    return render_template(
        "bids/evaluations.html",
        to_open=lots_to_open(by) if runs else [],
        evaluations=queries.evaluations_for(by),
        runs=runs,
    )


@blueprint.get("/<uuid:evaluation_id>")
@requires(BidPermission.SEE_EVALUATION)
def show(evaluation_id: UUID) -> Any:
    """Where the evaluation stands and what to do next, for those who run or decide it."""
    evaluation = queries.get(evaluation_id)
    if not allowed(actor(), BidPermission.READ_OPENED, evaluation) and actor().has(Role.EVALUATOR):
        return redirect(url_for("evaluations.scores", evaluation_id=evaluation_id))
    evaluation = queries.managed(evaluation_id, actor())
    bids = queries.opened_bids(evaluation)
    return render_template(
        "bids/evaluation.html",
        evaluation=evaluation,
        bids=bids,
        names=queries.bidder_names(bids),
        agreed=queries.moderated(evaluation),
        overtaken=standings.is_overtaken(evaluation),
        lots_won=standings.lots_won(evaluation),
        ranked={each.key: each for each in standings.ranked(evaluation)},
        offers={step.name for step in EVALUATION.offers(evaluation, actor())},
        award=award_of(evaluation.lot_id),
        manages=actor().has(*DRAFTERS),
        panels=[panel(evaluation, actor()) for panel in panels().get("evaluation", ())],
    )
