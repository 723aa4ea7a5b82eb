"""The evaluators' and officers' pages. Reading an opened bid is observed before it is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from bids.evaluation import actions, forms, queries
from bids.evaluation.models import SeatState
from bids.permissions import BidPermission
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor

blueprint = Blueprint(
    "evaluations", __name__, template_folder="../templates", url_prefix="/evaluations"
)


@blueprint.route("/<uuid:evaluation_id>/panel", methods=["GET", "POST"])
@requires(BidPermission.MANAGE)
def panel(evaluation_id: UUID) -> Any:
    """Who scores."""
    evaluation = queries.managed(evaluation_id, actor())
    people = queries.candidates(evaluation)
    form = forms.panel_form(people)
    if form.validate_on_submit():
        with write():
            actions.assign(evaluation_id, forms.chosen(form), actor())
        flash(_("Added to the panel. They have been sent an email."), "success")
        return redirect(url_for("evaluations.panel", evaluation_id=evaluation_id))
    return render_template("bids/panel.html", form=form, evaluation=evaluation, people=people)


@blueprint.post("/<uuid:evaluation_id>/panel/<uuid:member_id>/off")
@requires(BidPermission.MANAGE)
def take_off(evaluation_id: UUID, member_id: UUID) -> Any:
    """Take an evaluator off the panel."""
    queries.managed(evaluation_id, actor())
    with write():
        actions.take_off(evaluation_id, member_id, actor())
    return redirect(url_for("evaluations.panel", evaluation_id=evaluation_id))


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


@blueprint.route("/<uuid:evaluation_id>/declaration", methods=["GET", "POST"])
@requires(BidPermission.SCORE)
def declaration(evaluation_id: UUID) -> Any:
    """The conflict declaration, before anything is visible."""
    member = queries.seat(evaluation_id, actor())
    form = forms.DeclarationForm()
    if form.validate_on_submit():
        conflict = form.conflict.data == "yes"
        with write():
            actions.declare(evaluation_id, conflict, actor())
        if conflict:
            flash(_("You are off the panel. The officer will ask somebody else."), "success")
            return redirect(url_for("evaluations.index"))
        return redirect(url_for("evaluations.scores", evaluation_id=evaluation_id))
    return render_template(
        "bids/declaration.html", form=form, lot=member.evaluation.lot, member=member
    )


@blueprint.get("/<uuid:evaluation_id>/scores")
@requires(BidPermission.SCORE)
def scores(evaluation_id: UUID) -> Any:
    """The evaluator's own bids and criteria, what is scored and what is next."""
    member = queries.seat(evaluation_id, actor())
    if member.state == SeatState.ASSIGNED:
        return redirect(url_for("evaluations.declaration", evaluation_id=evaluation_id))
    if not member.reads:
        raise NotYours(evaluation_id)
    bids = [
        each for each in queries.opened_bids(member.evaluation) if each.state in queries.SCORABLE
    ]
    return render_template(
        "bids/scores.html",
        member=member,
        bids=bids,
        names=queries.bidder_names(bids),
        given=queries.scores_of(member),
        left=queries.unscored(member),
    )


@blueprint.route(
    "/<uuid:evaluation_id>/scores/<uuid:bid_id>/<uuid:criterion_id>", methods=["GET", "POST"]
)
@requires(BidPermission.SCORE)
def score(evaluation_id: UUID, bid_id: UUID, criterion_id: UUID) -> Any:
    """Read, score, next."""
    member = queries.seat(evaluation_id, actor())
    cells = queries.to_score(member)
    cell = (bid_id, criterion_id)
    if not member.reads or cell not in cells:
        raise NotYours(cell)
    given = queries.scores_of(member).get(cell)
    form = forms.ScoreForm(
        data={"score": str(given.score), "reason": given.reason} if given else None
    )
    if form.validate_on_submit():
        with write():
            actions.save_score(
                evaluation_id, cell, int(form.score.data), form.reason.data or "", actor()
            )
        left = queries.unscored(queries.seat(evaluation_id, actor()))
        if not left:
            return redirect(url_for("evaluations.scores", evaluation_id=evaluation_id))
        later = [each for each in left if cells.index(each) > cells.index(cell)] or left
        return redirect(_score_url(evaluation_id, later[0]))
    at = cells.index(cell)
    page = _cell_page(member.evaluation, cell)
    return render_template(
        "bids/score.html",
        form=form,
        member=member,
        number=at + 1,
        all=len(cells),
        previous=_score_url(evaluation_id, cells[at - 1]) if at else None,
        following=_score_url(evaluation_id, cells[at + 1]) if at + 1 < len(cells) else None,
        **page,
    )


@blueprint.post("/<uuid:evaluation_id>/lock")
@requires(BidPermission.SCORE)
def lock(evaluation_id: UUID) -> Any:
    """Lock the evaluator's own scores."""
    with write():
        actions.lock_scores(evaluation_id, actor())
    flash(_("Your scores are locked."), "success")
    return redirect(url_for("evaluations.scores", evaluation_id=evaluation_id))


@blueprint.route(
    "/<uuid:evaluation_id>/moderation/<uuid:bid_id>/<uuid:criterion_id>", methods=["GET", "POST"]
)
@requires(BidPermission.MANAGE)
def moderate(evaluation_id: UUID, bid_id: UUID, criterion_id: UUID) -> Any:
    """All own scores of one bid under one criterion, and the one agreed score."""
    evaluation = queries.managed(evaluation_id, actor())
    cell = (bid_id, criterion_id)
    agreed = queries.moderated(evaluation).get(cell)
    form = forms.ModerationForm(
        data={"score": str(agreed.score), "reason": agreed.reason, "needed": agreed.needed}
        if agreed
        else None
    )
    if form.validate_on_submit():
        with write():
            actions.save_moderated(
                evaluation_id,
                cell,
                int(form.score.data),
                form.reason.data or "",
                form.needed.data or "",
                actor(),
            )
        return redirect(url_for("evaluations.show", evaluation_id=evaluation_id))
    page = _cell_page(evaluation, cell)
    return render_template(
        "bids/moderate.html",
        form=form,
        evaluation=evaluation,
        own=queries.locked_scores(evaluation).get(cell, []),
        **page,
    )


def _cell_page(evaluation: Any, cell: tuple[UUID, UUID]) -> dict[str, Any]:
    """One bid's answers under one criterion, the reading observed."""
    criterion = next((each for each in evaluation.lot.criteria if each.id == cell[1]), None)
    if criterion is None:
        raise NotYours(cell)
    opened = queries.opened_bid(evaluation, cell[0])
    questions = [each for each in evaluation.lot.questions if each.criterion_id == cell[1]]
    observe_read("bid", cell[0], actor())
    return {
        "criterion": criterion,
        "name": queries.bidder_names([opened.bid])[cell[0]],
        "answers": queries.answers_under(opened, questions),
    }


def _score_url(evaluation_id: UUID, cell: tuple[UUID, UUID]) -> str:
    return url_for(
        "evaluations.score",
        evaluation_id=evaluation_id,
        bid_id=cell[0],
        criterion_id=cell[1],
    )
