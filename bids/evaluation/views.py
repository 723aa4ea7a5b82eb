"""The evaluator's pages: declare, score, lock. Reading an answer is observed before it is shown."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bids.evaluation import actions, forms, panel, queries, rules, seats
from bids.evaluation.models import Evaluation, PanelMember
from bids.evaluation.vocabulary import Answer
from bids.permissions import BidPermission
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.permissions import NotYours, requires
from marketplace.registry import panels
from marketplace.web.acting import actor

blueprint = Blueprint(
    "evaluations", __name__, template_folder="../templates", url_prefix="/evaluations"
)


@blueprint.route("/<uuid:evaluation_id>/declaration", methods=["GET", "POST"])
@requires(BidPermission.DECLARE)
def declaration(evaluation_id: UUID) -> Any:
    """The conflict declaration, before anything but the names of who bids is visible."""
    member = queries.seat(evaluation_id, actor(), permission=BidPermission.DECLARE)
    asked = member.state in panel.UNFINISHED
    form = forms.DeclarationForm(again=member.reads) if asked else None
    if form and form.validate_on_submit():
        answer = Answer(form.conflict.data)
        with write():
            said = seats.declare(evaluation_id, answer, actor(), form.what.data or "")
            through = answer is Answer.NO and not said.tied_to
        page = "scores" if through else "declaration"
        return redirect(url_for(f"evaluations.{page}", evaluation_id=evaluation_id))
    bids = queries.opened_bids(member.evaluation)
    return render_template(
        "bids/evaluation/declaration.html",
        form=form,
        member=member,
        lot=member.evaluation.lot,
        bids=bids,
        names=queries.bidder_names(bids),
        partners=panel.named_partners(member.evaluation),
        said=next(iter(panel.declarations_of(member)), None),
    )


@blueprint.get("/<uuid:evaluation_id>/scores")
@requires(BidPermission.SCORE)
def scores(evaluation_id: UUID) -> Any:
    """The evaluator's own bids and criteria, what is scored and what is next."""
    member = queries.seat(evaluation_id, actor(), permission=BidPermission.DECLARE)
    if not member.reads:
        return redirect(url_for("evaluations.declaration", evaluation_id=evaluation_id))
    member = queries.seat(evaluation_id, actor())
    return render_template("bids/evaluation/scores.html", **_own_page(member))


def _own_page(member: PanelMember) -> dict[str, Any]:
    """The evaluator's whole share: bids, criteria, what is scored and what is left, in order."""
    cells, given = queries.to_score(member), queries.scored(member)
    bids = queries.scorable(member.evaluation)
    return {
        "member": member,
        "bids": bids,
        "names": queries.bidder_names(bids),
        "criteria": [each for each in member.evaluation.lot.criteria if each.id in member.criteria],
        "given": given,
        "cells": cells,
        "left": [each for each in cells if each not in given],
    }


@blueprint.route(
    "/<uuid:evaluation_id>/scores/<uuid:bid_id>/<uuid:criterion_id>", methods=["GET", "POST"]
)
@requires(BidPermission.SCORE)
def score(evaluation_id: UUID, bid_id: UUID, criterion_id: UUID) -> Any:
    """Read, score, next."""
    member = queries.seat(evaluation_id, actor())
    cell = (bid_id, criterion_id)
    if not member.reads:
        raise NotYours(cell)
    own = _own_page(member)
    if cell not in own["cells"]:
        raise NotYours(cell)
    given = queries.score_of(member, cell)
    form = forms.ScoreForm(
        data={"score": str(given.score), "reason": given.reason} if given else None
    )
    if form.validate_on_submit():
        with write():
            actions.save_score(
                evaluation_id, cell, int(form.score.data), form.reason.data or "", actor()
            )
        following = rules.next_after(cell, own["cells"], own["given"])
        if following is None or request.form.get("then") == "list":
            return redirect(url_for("evaluations.scores", evaluation_id=evaluation_id))
        return redirect(score_url(evaluation_id, following))
    at = own["cells"].index(cell)
    before, after = own["cells"][:at], own["cells"][at + 1 :]
    return render_template(
        "bids/evaluation/score.html",
        form=form,
        cell=cell,
        number=at + 1,
        previous=score_url(evaluation_id, before[-1]) if before else None,
        following=score_url(evaluation_id, after[0]) if after else None,
        **own,
        **cell_page(member.evaluation, cell),
    )


@blueprint.post("/<uuid:evaluation_id>/scores/choices")
@requires(BidPermission.SCORE)
def choose(evaluation_id: UUID) -> Any:
    """In which order to score, and whether the keys 0 to 4 are used."""
    with write():
        seats.choose(
            evaluation_id,
            actor(),
            goes_by=request.form.get("goes_by", ""),
            keys=request.form.get("keys", ""),
        )
    cells = queries.to_score(queries.seat(evaluation_id, actor()))
    came_from = (request.form.get("bid_id"), request.form.get("criterion_id"))
    for cell in cells:
        if came_from == (str(cell[0]), str(cell[1])):
            return redirect(score_url(evaluation_id, cell))
    return redirect(url_for("evaluations.scores", evaluation_id=evaluation_id))


@blueprint.post("/<uuid:evaluation_id>/lock")
@requires(BidPermission.SCORE)
def lock(evaluation_id: UUID) -> Any:
    """Lock the evaluator's own scores."""
    with write():
        actions.lock_scores(evaluation_id, actor())
    flash(_("Your scores are locked."), "success")
    return redirect(url_for("evaluations.scores", evaluation_id=evaluation_id))


def cell_page(evaluation: Evaluation, cell: rules.Cell) -> dict[str, Any]:
    """One bid's answers under one criterion, the reading observed; no other bid is decrypted."""
    criterion = next((each for each in evaluation.lot.criteria if each.id == cell[1]), None)
    if criterion is None:
        raise NotYours(cell)
    opened = queries.opened_bid(evaluation, cell[0])
    questions = [each for each in evaluation.lot.questions if each.criterion_id == cell[1]]
    observe_read("bid", cell[0], actor())
    return {
        "criterion": criterion,
        "name": queries.bidder_names([opened.bid])[cell[0]],
        "beside": [shown(opened.bid, actor()) for shown in panels().get("scored_bid", ())],
        "answers": queries.answers_under(opened, questions),
    }


def score_url(evaluation_id: UUID, cell: rules.Cell) -> str:
    """Where one bid is scored under one criterion."""
    return url_for(
        "evaluations.score",
        evaluation_id=evaluation_id,
        bid_id=cell[0],
        criterion_id=cell[1],
    )
