"""Taking earlier answers over, reading them for this lot, and everything ever answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from bids.library import actions, panels
from bids.library.forms import ReviewForm, SearchForm, review_form
from bids.library.grouping import grouped
from bids.library.origin import origin_of
from bids.library.queries import answered
from bids.library.wording import difference
from bids.models import Bid, BidAnswer
from bids.permissions import BidPermission
from bids.queries import own_bid
from bids.working import TypedMeanwhile, answer_to, edition_in
from lots.models import LotQuestion
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint("bid_library", __name__, template_folder="../templates", url_prefix="/bids")

Asked = list[tuple[LotQuestion, BidAnswer]]


@blueprint.get("/answers")
@requires(BidPermission.LIST_OWN)
def answers() -> str:
    """Everything the organisation has answered, by what was asked."""
    form = SearchForm(request.args)
    words = (form.words.data or "").strip() if form.validate() else ""
    return render_template(
        "bids/library/answers.html", form=form, page=grouped(answered(actor()), words)
    )


@blueprint.post("/<uuid:bid_id>/questions/<uuid:question_id>/take-over")
@requires(BidPermission.WRITE)
def take_over(bid_id: UUID, question_id: UUID) -> Response:
    """Put one earlier answer into the working copy."""
    own_bid(bid_id, actor())
    here = url_for("bid_writing.question", bid_id=bid_id, question_id=question_id)
    key, seen = request.form.get("key", ""), edition_in(request.form.get("edition", ""))
    try:
        with write():
            actions.take_over(bid_id, question_id, key, seen, actor())
        flash(_("The answer has been taken over. Read it before you go on."), "success")
    except TypedMeanwhile:
        flash(
            _("A colleague saved this answer a moment ago, so nothing was taken over. Look at it.")
        )
    except Refusal as refusal:
        flash(str(refusal.text))
    return redirect(here, 303)


@blueprint.post("/<uuid:bid_id>/fill-in")
@requires(BidPermission.WRITE)
def fill_in(bid_id: UUID) -> Response:
    """Fill every empty answer in that was given before; then all are read on one page."""
    own_bid(bid_id, actor())
    with write():
        number = actions.fill_in(bid_id, actor())
    if not number:
        flash(_("No empty question has been answered before. Nothing was changed."))
        return redirect(url_for("bids.show", bid_id=bid_id), 303)
    flash(
        ngettext(
            "%(num)s answer is filled in. Read it, then save.",
            "%(num)s answers are filled in. Read them, then save.",
            number,
        ),
        "success",
    )
    return redirect(url_for("bid_library.review", bid_id=bid_id), 303)


@blueprint.route("/<uuid:bid_id>/taken-over", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def review(bid_id: UUID) -> Any:
    """Every answer taken over, each with where it comes from; read and saved on one page."""
    bid = own_bid(bid_id, actor())
    if request.method == "GET":
        unread = [(question, answer) for question, answer in _answers(bid) if answer.unreviewed]
        return _page(bid, unread, review_form(unread))
    sent = _sent(bid)
    form = review_form(sent)
    given = {question.id: form.given(question) for question, _a in sent if form.fits(question)}
    clashes: Mapping[UUID, TypedMeanwhile] = {}
    if given:
        with write():
            clashes = actions.review(bid_id, given, actor())
    bid = own_bid(bid_id, actor())
    if form.validate() and not clashes:
        return _done(bid)
    now = _sent(bid)
    for question, answer in now:
        form.fields_of(question)[1].data = str(answer.edition)
    return _page(bid, now, form, clashes), 409 if clashes else 200


def _sent(bid: Bid) -> Asked:
    """What was on the page, also where a colleague has read some of it meanwhile."""
    asked = _answers(bid)
    return [each for each in asked if f"text_{each[0].position}" in request.form]


def _answers(bid: Bid) -> Asked:
    """The questions that have an answer, in their order."""
    held = ((question, answer_to(bid, question.id)) for question in bid.lot.questions)
    return [(question, answer) for question, answer in held if answer is not None]


def _done(bid: Bid) -> Response:
    left = sum(each.unreviewed for each in bid.answers)
    if not left:
        flash(_("Every answer that was taken over has been read."), "success")
        return redirect(url_for("bids.show", bid_id=bid.id), 303)
    flash(
        ngettext(
            "Saved. %(num)s answer is still to be read: tick it once it has been.",
            "Saved. %(num)s answers are still to be read: tick each once it has been.",
            left,
        ),
        "success",
    )
    return redirect(url_for("bid_library.review", bid_id=bid.id), 303)


def _page(
    bid: Bid, asked: Asked, form: ReviewForm, clashes: Mapping[UUID, TypedMeanwhile] | None = None
) -> str:
    rows = []
    for question, answer in asked:
        origin = origin_of(answer)
        rows.append(
            {
                "question": question,
                "origin": origin,
                "difference": difference(origin.wording, question.text) if origin else None,
                "fields": form.fields_of(question),
                "clash": (clashes or {}).get(question.id),
            }
        )
    return render_template("bids/library/review.html", bid=bid, rows=rows, form=form)


def register(app: Flask) -> None:
    """Serve these pages, and fill the slots that others keep free."""
    app.register_blueprint(blueprint)
    panels.register(app)
