"""The pages on which a bid's answers are written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for

from bids import queries
from bids.downloads import as_file
from bids.models import Bid, BidAnswer
from bids.permissions import BidPermission
from bids.working import TypedMeanwhile, edition_of, is_open
from bids.writing import actions, documents
from bids.writing.forms import answer_form, longest
from lots.models import LotQuestion
from marketplace.database import write
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form

blueprint = Blueprint("bid_writing", __name__, template_folder="../templates", url_prefix="/bids")


@blueprint.route("/<uuid:bid_id>/questions/<uuid:question_id>", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def question(bid_id: UUID, question_id: UUID) -> Any:
    """One answer. Whatever is typed is kept first, then judged."""
    asked, kept = _question(queries.own_bid(bid_id, actor()), question_id)
    form = answer_form(
        asked, text=kept.text if kept else "", edition=str(kept.edition) if kept else "0"
    )
    if request.method == "GET":
        return _question_page(form, bid_id, question_id)
    clash = None
    if len(form.text.data or "") <= longest(asked):
        try:
            with write():
                text = form.text.data or ""
                actions.save_answer(bid_id, question_id, text, edition_of(form), actor())
        except TypedMeanwhile as other:
            clash = other
    bid = queries.own_bid(bid_id, actor())
    _asked, kept = _question(bid, question_id)
    form.edition.data = str(kept.edition if kept else 0)
    if clash is None and form.validate():
        return _saved(bid, question_id)
    return _question_page(form, bid_id, question_id, clash)


def _question(bid: Bid, question_id: UUID) -> tuple[LotQuestion, BidAnswer | None]:
    asked = next((each for each in bid.lot.questions if each.id == question_id), None)
    if asked is None:
        raise NotYours(question_id)
    return asked, next((each for each in bid.answers if each.question_id == question_id), None)


def _question_page(form: Form, bid_id: UUID, question_id: UUID, clash: Any = None) -> Any:
    bid = queries.own_bid(bid_id, actor())
    asked, _kept = _question(bid, question_id)
    page = render_template(
        "bids/writing/question.html", form=form, bid=bid, question=asked, clash=clash
    )
    return page, 409 if clash else 200


def _saved(bid: Bid, question_id: UUID) -> Any:
    if not is_open(bid.lot):
        return render_template("bids/submitting/late.html", bid_id=bid.id), 409
    if request.form.get("then") == "list":
        return redirect(url_for("bids.show", bid_id=bid.id))
    ids = [each.id for each in bid.lot.questions]
    following = ids[ids.index(question_id) + 1 :]
    if following:
        return redirect(url_for("bid_writing.question", bid_id=bid.id, question_id=following[0]))
    return redirect(url_for("bid_price.show", bid_id=bid.id))


@blueprint.get("/<uuid:bid_id>/download")
@requires(BidPermission.WRITE)
def download(bid_id: UUID) -> Response:
    """The working copy as a text document."""
    bid = queries.own_bid(bid_id, actor())
    return as_file(documents.as_text(bid), "text/plain", f"bid-{bid.lot.reference}.txt")
