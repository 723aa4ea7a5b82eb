"""Recommending, co-signing and deciding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from bids.awards import actions, cosigning, forms, queries, reviewing, standstill
from bids.awards.report import sha_of
from bids.evaluation import queries as evaluations
from bids.evaluation import standings
from bids.evaluation.models import Evaluation, EvaluationState
from bids.evaluation.ranking import Ranked
from bids.permissions import BidPermission
from lots.funding.parties import shares_of
from marketplace import clock
from marketplace.database import write
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.protection import is_fresh, step_up

blueprint = Blueprint("awards", __name__, template_folder="../templates")


@blueprint.route("/evaluations/<uuid:evaluation_id>/recommendation", methods=["GET", "POST"])
@requires(BidPermission.MANAGE)
def recommendation(evaluation_id: UUID) -> Any:
    """The officer's recommendation from the ranking."""
    evaluation = evaluations.managed(evaluation_id, actor())
    ranked = standings.ranked(evaluation)
    form = forms.recommendation_form(_named(evaluation, ranked))
    if form.validate_on_submit():
        with write():
            actions.recommend(evaluation_id, forms.chosen(form), form.reasons.data or "", actor())
        flash(_("The recommendation has been sent to the decision-makers."), "success")
        return redirect(url_for("awards.review", evaluation_id=evaluation_id), 303)
    return render_template(
        "bids/recommendation.html", form=form, evaluation=evaluation, ranked=bool(ranked)
    )


@blueprint.route("/evaluations/<uuid:evaluation_id>/decision", methods=["GET", "POST"])
@requires(BidPermission.DECIDE)
def decision(evaluation_id: UUID) -> Any:
    """The decision-maker's page."""
    evaluation = evaluations.managed(evaluation_id, actor())
    ranked = standings.ranked(evaluation)
    owes_none = next((each.key for each in ranked if not each.owes_reason), None)
    award = queries.award_of(evaluation.lot_id)
    form = forms.decision_form(_named(evaluation, ranked), owes_none)
    if form.validate_on_submit():
        with write():
            reason, seen = form.reason.data or "", form.seen.data or ""
            actions.decide(evaluation_id, forms.chosen(form), reason, actor(), seen)
        flash(_("Decided. Every bidder has been sent the reasons."), "success")
        return redirect(url_for("evaluations.show", evaluation_id=evaluation_id))
    if award is not None and not form.is_submitted():
        form.seen.data = sha_of(award.id)
    bids = evaluations.opened_bids(evaluation)
    waits = award is not None and evaluation.state == EvaluationState.RECOMMENDED
    return render_template(
        "bids/decision.html",
        form=form,
        evaluation=evaluation,
        award=award,
        ranked=ranked,
        names={str(bid_id): name for bid_id, name in evaluations.bidder_names(bids).items()},
        unreviewed=reviewing.left_to_review(award) if award and waits else 0,
        open_for_decision=waits
        and award is not None
        and award.recommended_by_id != actor().person_id
        and allowed(actor(), BidPermission.DECIDE, evaluation),
        days=standstill.count(clock.today(), evaluation.lot.standstill_working_days),
    )


@blueprint.route("/evaluations/<uuid:evaluation_id>/co-sign", methods=["GET", "POST"])
@requires(BidPermission.COSIGN)
def cosign(evaluation_id: UUID) -> Any:
    """A co-signing funder or region reads the recommendation and signs for a bid."""
    evaluation, award = cosigning.cosignable(evaluation_id, actor())
    if not is_fresh(actor()):
        return step_up()
    ranked = standings.ranked(evaluation)
    form = forms.cosigning_form(_named(evaluation, ranked), award.recommended_bid_id)
    if form.validate_on_submit():
        with write():
            seen = form.seen.data or ""
            cosigning.cosign(evaluation_id, UUID(form.choice.data), actor(), seen)
        flash(_("Signed. The lead buyer’s decision-maker can see it."), "success")
        return redirect(url_for("funded.lot", lot_id=evaluation.lot_id), 303)
    if not form.is_submitted():
        form.seen.data = sha_of(award.id)
    bids = evaluations.opened_bids(evaluation)
    return render_template(
        "bids/cosign.html",
        form=form,
        evaluation=evaluation,
        award=award,
        ranked=ranked,
        names={str(bid_id): name for bid_id, name in evaluations.bidder_names(bids).items()},
        shares=shares_of(evaluation.lot),
    )


@blueprint.post("/evaluations/<uuid:evaluation_id>/send-back")
@requires(BidPermission.SEE_EVALUATION)
def send_back(evaluation_id: UUID) -> Any:
    """Take a recommendation back before its decision."""
    evaluations.managed(evaluation_id, actor())
    with write():
        actions.send_back(evaluation_id, actor())
    flash(_("The recommendation is taken back. Look at the ranking and recommend again."))
    return redirect(url_for("evaluations.show", evaluation_id=evaluation_id), 303)


def _named(evaluation: Evaluation, ranked: list[Ranked]) -> list[tuple[UUID, str]]:
    names = evaluations.bidder_names(evaluations.opened_bids(evaluation))
    return [
        (
            UUID(each.key),
            _choice(each, names[UUID(each.key)]),
        )
        for each in ranked
    ]


def _choice(each: Ranked, name: str) -> str:
    facts = {"name": name, "place": each.place, "total": each.total}
    if each.limited:
        return _("%(name)s: place %(place)s, %(total)s points, has won its limit", **facts)
    return _("%(name)s: place %(place)s, %(total)s points", **facts)
