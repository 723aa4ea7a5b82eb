"""Bringing own scores together: where they lie apart, what is left, and the one agreed score."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from bids.evaluation import actions, forms, queries, rules
from bids.evaluation.actions import Agreed
from bids.evaluation.lifecycle import EVALUATION, OPEN_PRICES
from bids.evaluation.models import SCALE, Evaluation, EvaluationState, ModeratedScore
from bids.evaluation.views import blueprint, cell_page
from bids.evaluation.vocabulary import GoesBy
from bids.permissions import BidPermission
from marketplace.database import write
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor
from marketplace.web.fields import errors_of


@blueprint.post("/<uuid:evaluation_id>/moderation")
@requires(BidPermission.MANAGE)
def start_moderation(evaluation_id: UUID) -> Any:
    """Bring the locked scores together."""
    queries.managed(evaluation_id, actor())
    with write():
        actions.start_moderation(evaluation_id, actor())
    return redirect(url_for("evaluations.show", evaluation_id=evaluation_id))


@blueprint.post("/<uuid:evaluation_id>/prices")
@requires(BidPermission.MANAGE)
def open_prices(evaluation_id: UUID) -> Any:
    """Open the prices and rank."""
    queries.managed(evaluation_id, actor())
    with write():
        actions.open_prices(evaluation_id, actor())
    flash(_("The prices are open and the bids are ranked."), "success")
    return redirect(url_for("evaluations.show", evaluation_id=evaluation_id))


@blueprint.get("/<uuid:evaluation_id>/moderation")
@requires(BidPermission.MANAGE)
def moderation(evaluation_id: UUID) -> Any:
    """Every answer: how far own scores lie apart, what is agreed, and what is left."""
    evaluation = queries.managed(evaluation_id, actor())
    bids, agreed = queries.scorable(evaluation), queries.moderated(evaluation)
    spreads = queries.spreads(evaluation)
    cells = rules.in_order(
        [bid.id for bid in bids], [each.id for each in evaluation.lot.criteria], GoesBy.CRITERION
    )
    left = [cell for cell in cells if cell not in agreed]
    return render_template(
        "bids/evaluation/moderation.html",
        evaluation=evaluation,
        bids=bids,
        names=queries.bidder_names(bids),
        criteria={each.id: each for each in evaluation.lot.criteria},
        agreed=agreed,
        spreads=spreads,
        left=rules.first_talked_about(left, spreads),
        apart=sum(1 for cell in left if cell in spreads and spreads[cell].apart),
        may_open=OPEN_PRICES in EVALUATION.offers(evaluation, actor()),
    )


@blueprint.route(
    "/<uuid:evaluation_id>/moderation/criteria/<uuid:criterion_id>", methods=["GET", "POST"]
)
@requires(BidPermission.MANAGE)
def moderate_criterion(evaluation_id: UUID, criterion_id: UUID) -> Any:
    """All bids under one criterion, with one button."""
    evaluation = queries.managed(evaluation_id, actor())
    named = {each.id: each.name for each in evaluation.lot.criteria}
    if criterion_id not in named:
        raise NotYours(criterion_id)
    bids = queries.scorable(evaluation)
    names = queries.bidder_names(bids)
    about = {(bid.id, criterion_id): names[bid.id] for bid in bids}
    own = queries.locked_scores(evaluation, criterion_id=criterion_id)
    return _many(evaluation, named[criterion_id], about, own)


@blueprint.route("/<uuid:evaluation_id>/moderation/bids/<uuid:bid_id>", methods=["GET", "POST"])
@requires(BidPermission.MANAGE)
def moderate_bid(evaluation_id: UUID, bid_id: UUID) -> Any:
    """One bid under all criteria, with one button."""
    evaluation = queries.managed(evaluation_id, actor())
    bids = {bid.id: bid for bid in queries.scorable(evaluation)}
    if bid_id not in bids:
        raise NotYours(bid_id)
    about = {(bid_id, each.id): each.name for each in evaluation.lot.criteria}
    own = queries.locked_scores(evaluation, bid_id=bid_id)
    return _many(evaluation, queries.bidder_names([bids[bid_id]])[bid_id], about, own)


def _many(evaluation: Evaluation, title: str, about: dict[rules.Cell, str], own: Any) -> Any:
    """Several answers at once: what is filled in is kept, the rest waits."""
    agreed = queries.moderated(evaluation)
    rows = {cell: _row(cell, name, agreed.get(cell)) for cell, name in about.items()}
    moderating = evaluation.state == EvaluationState.MODERATING
    if request.method == "POST" and moderating:
        filled = {cell: form for cell, form in rows.items() if form.touched}
        good = [form.validate() for form in filled.values()]
        if all(good):
            return _kept(evaluation, filled)
    spreads = {cell: rules.spread_of([each.score for each in own.get(cell, [])]) for cell in rows}
    return render_template(
        "bids/evaluation/many.html",
        evaluation=evaluation,
        title=title,
        rows=rows,
        own=own,
        spreads=spreads,
        agreed=agreed,
        scale=SCALE,
        form=next((form for form in rows.values() if form.errors), None),
        errors=[error for form in rows.values() for error in errors_of(form)],
    )


def _row(cell: rules.Cell, about: str, agreed: ModeratedScore | None) -> forms.ManyForm:
    return forms.ManyForm(about, prefix=f"{cell[0]}-{cell[1]}", data=_stored(agreed))


def _stored(agreed: ModeratedScore | None) -> dict[str, str] | None:
    if agreed is None:
        return None
    return {"score": str(agreed.score), "reason": agreed.reason, "needed": agreed.needed}


def _kept(evaluation: Evaluation, filled: dict[rules.Cell, forms.ManyForm]) -> Any:
    given = {cell: _said(form) for cell, form in filled.items()}
    with write():
        actions.save_all_moderated(evaluation.id, given, actor())
    flash(
        ngettext("%(num)s agreed score is saved.", "%(num)s agreed scores are saved.", len(given)),
        "success",
    )
    return redirect(url_for("evaluations.moderation", evaluation_id=evaluation.id))


def _said(form: forms.ModerationForm) -> Agreed:
    return Agreed(int(form.score.data), form.reason.data or "", form.needed.data or "")


@blueprint.route(
    "/<uuid:evaluation_id>/moderation/<uuid:bid_id>/<uuid:criterion_id>", methods=["GET", "POST"]
)
@requires(BidPermission.MANAGE)
def moderate(evaluation_id: UUID, bid_id: UUID, criterion_id: UUID) -> Any:
    """One answer with all own scores of it, and the one agreed score."""
    evaluation = queries.managed(evaluation_id, actor())
    cell = (bid_id, criterion_id)
    stored = _stored(queries.moderated(evaluation).get(cell))
    moderating = evaluation.state == EvaluationState.MODERATING
    form = forms.ModerationForm(data=stored) if moderating else None
    if form and form.validate_on_submit():
        with write():
            actions.save_all_moderated(evaluation_id, {cell: _said(form)}, actor())
        return redirect(url_for("evaluations.moderation", evaluation_id=evaluation_id))
    own = queries.locked_scores(evaluation, bid_id=bid_id, criterion_id=criterion_id)
    return render_template(
        "bids/evaluation/moderate.html",
        form=form,
        evaluation=evaluation,
        own=own.get(cell, []),
        **cell_page(evaluation, cell),
    )
