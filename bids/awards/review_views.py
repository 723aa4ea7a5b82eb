"""The officer's review of what bidders and the public will read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from bids.awards import forms, reviewing
from bids.awards.models import Award, Reader
from bids.awards.queries import award_of
from bids.awards.reviewing import Reviewed
from bids.awards.views import blueprint
from bids.evaluation import queries as evaluations
from bids.evaluation.models import Evaluation, EvaluationState
from bids.models import BidState
from bids.permissions import BidPermission
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor


@blueprint.get("/evaluations/<uuid:evaluation_id>/review")
@requires(BidPermission.MANAGE)
def review(evaluation_id: UUID) -> Any:
    """Every bid whose texts are to be read before the decision, and how far that is."""
    evaluation, award = _recommended(evaluation_id)
    seen = reviewing.reviewed_bids(award)
    names = evaluations.bidder_names([each.bid for each in seen])
    listed = [each for each in seen if each.wanted or each.review]
    listed.sort(key=lambda each: names[each.bid.id])
    rows = [
        {
            "label": names[each.bid.id],
            "href": url_for("awards.review_bid", evaluation_id=evaluation_id, bid_id=each.bid.id),
            "done": not each.wanted,
            "status": _("To review") if each.wanted else _("Reviewed"),
        }
        for each in listed
    ]
    return render_template(
        "bids/awards/review.html",
        evaluation=evaluation,
        rows=rows,
        next_bid=next((each.bid.id for each in listed if each.wanted), None),
    )


@blueprint.route("/evaluations/<uuid:evaluation_id>/review/<uuid:bid_id>", methods=["GET", "POST"])
@requires(BidPermission.MANAGE)
def review_bid(evaluation_id: UUID, bid_id: UUID) -> Any:
    """One bid's texts as they will be read, and what is taken out of them."""
    evaluation, award = _recommended(evaluation_id)
    seen = next((each for each in reviewing.reviewed_bids(award) if each.bid.id == bid_id), None)
    if seen is None:
        raise NotYours(bid_id)
    form = forms.review_form(seen.told)
    if form.validate_on_submit():
        with write():
            reviewing.review(evaluation_id, bid_id, form.texts(), actor())
        return redirect(_next(evaluation_id, bid_id), 303)
    observe_read("bid", bid_id, actor())
    return render_template(
        "bids/awards/review_bid.html",
        evaluation=evaluation,
        seen=seen,
        name=evaluations.bidder_names([seen.bid])[bid_id],
        form=form,
        readers=Reader,
        open=evaluation.state == EvaluationState.RECOMMENDED,
        may_win=_may_win(seen),
    )


def _may_win(seen: Reviewed) -> bool:
    return seen.bid.state in (BidState.COMPLIANT, BidState.SUCCESSFUL, BidState.UNSUCCESSFUL)


def _next(evaluation_id: UUID, bid_id: UUID) -> str:
    """The next bid that nobody has read; the list once there is none."""
    _evaluation, award = _recommended(evaluation_id)
    left = [each.bid for each in reviewing.reviewed_bids(award) if each.wanted]
    if not left:
        flash(_("Everything is reviewed. The decision-maker can decide."), "success")
        return url_for("awards.review", evaluation_id=evaluation_id)
    names = evaluations.bidder_names(left)
    following = min(left, key=lambda bid: names[bid.id])
    return url_for("awards.review_bid", evaluation_id=evaluation_id, bid_id=following.id)


def _recommended(evaluation_id: UUID) -> tuple[Evaluation, Award]:
    """An evaluation with its recommendation, decided or not. Raises NotYours before it."""
    evaluation = evaluations.managed(evaluation_id, actor())
    award = award_of(evaluation.lot_id)
    if award is None:
        raise NotYours(evaluation_id)
    return evaluation, award
