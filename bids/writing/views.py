"""The pages on which a bid's answers are written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_babel import format_time
from flask_babel import gettext as _

from bids import queries
from bids.differences import compared
from bids.late import late_page
from bids.library import panels as library
from bids.models import WRITABLE, Bid, BidAnswer
from bids.permissions import BidPermission
from bids.tasks import part_of
from bids.working import (
    TooLong,
    TypedMeanwhile,
    answer_to,
    edition_of,
    fits,
    is_open,
    question_of,
)
from bids.writing import actions, comments
from bids.writing import queries as sharing
from bids.writing.forms import CommentForm, answer_form
from lots.models import LotQuestion
from marketplace import clock, once
from marketplace.database import write
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form

blueprint = Blueprint("bid_writing", __name__, template_folder="../templates", url_prefix="/bids")
REMOVE = "remove "


@blueprint.route("/<uuid:bid_id>/questions/<uuid:question_id>", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def question(bid_id: UUID, question_id: UUID) -> Any:
    """One answer. Whatever is typed is kept first, then judged.

    The page's script sends the same form while somebody types, and asks for JSON.
    """
    asked, kept = _question(queries.own_bid(bid_id, actor()), question_id)
    form = answer_form(
        asked, text=kept.text if kept else "", edition=str(kept.edition) if kept else "0"
    )
    comment = CommentForm()
    if request.method == "GET":
        return _question_page(form, comment, bid_id, question_id)
    by_itself = request.accept_mimetypes.best == "application/json"
    clash = _keep(form, asked, bid_id, by_itself)
    bid = queries.own_bid(bid_id, actor())
    _asked, kept = _question(bid, question_id)
    if by_itself:
        return _answer_to_script(form, asked, bid, kept, clash)
    form.edition.data = str(kept.edition if kept else 0)
    then = request.form.get("then", "")
    if clash is not None:
        return _question_page(form, comment, bid_id, question_id, clash)
    if (then == "comment" or comment.comment.data) and not _commented(comment, bid_id, question_id):
        return _question_page(form, comment, bid_id, question_id)
    if then == "comment":
        return _to_comments(bid_id, question_id)
    if then.startswith(REMOVE):
        return _comment_removed(then.removeprefix(REMOVE), bid_id, question_id)
    if form.validate():
        return _saved(bid, question_id)
    return _question_page(form, CommentForm(formdata=None), bid_id, question_id)


def _keep(form: Form, asked: LotQuestion, bid_id: UUID, by_itself: bool) -> TypedMeanwhile | None:
    text = form.text.data or ""
    if not fits(asked, text):
        return None
    try:
        with write():
            actions.save_answer(
                bid_id, asked.id, text, edition_of(form), actor(), read=not by_itself
            )
    except TypedMeanwhile as other:
        return other
    return None


def _answer_to_script(
    form: Form, asked: LotQuestion, bid: Bid, kept: BidAnswer | None, clash: TypedMeanwhile | None
) -> Any:
    said, status = _("Saved at %(time)s", time=format_time(clock.now(), "HH:mm")), 200
    if clash is not None:
        status = 409
        said = _(
            "This answer was saved since you opened the page, by you in another page or by a "
            "colleague. Press “Save and continue” to compare: nothing of what you wrote is lost."
        )
    elif not fits(asked, form.text.data or ""):
        status, said = 422, str(TooLong())
    elif not is_open(bid.lot):
        said = _("Saved, but this lot has closed: the bid can no longer be submitted.")
    return jsonify(
        said=said,
        edition=kept.edition if kept else 0,
        theirs=clash.theirs if clash is not None else None,
    ), status


def _question(bid: Bid, question_id: UUID) -> tuple[LotQuestion, BidAnswer | None]:
    return question_of(bid, question_id), answer_to(bid, question_id)


def _question_page(
    form: Form,
    comment: CommentForm,
    bid_id: UUID,
    question_id: UUID,
    clash: TypedMeanwhile | None = None,
) -> Any:
    bid = queries.own_bid(bid_id, actor())
    asked, kept = _question(bid, question_id)
    said = sharing.comments(bid, question_id)
    order = {each.id: number for number, each in enumerate(bid.lot.questions)}
    here = order[question_id]
    offering = bid.state in WRITABLE and clash is None
    page = render_template(
        "bids/writing/question.html",
        form=comment if comment.errors else form,
        answer=form,
        comment=comment,
        bid=bid,
        question=asked,
        kept=kept,
        clash=clash,
        pieces=compared(clash.theirs, form.text.data or "") if clash is not None else None,
        comments=said,
        names=sharing.authors_of(said.items),
        person_id=str(actor().person_id),
        given_to=sharing.given_names(bid).get(part_of(question_id)),
        writable=bid.state in WRITABLE,
        suggestions=library.suggestions(bid, asked) if offering else "",
        taken_over=library.taken_over(bid, asked) if offering else "",
        before=bid.lot.questions[here - 1] if here else None,
        after=bid.lot.questions[here + 1] if here + 1 < len(order) else None,
    )
    return page, 409 if clash else 200


def _commented(form: CommentForm, bid_id: UUID, question_id: UUID) -> bool:
    if not form.validate():
        return False
    try:
        with write():
            once.use_up(form.once.data)
            comments.add_comment(bid_id, question_id, form.comment.data or "", actor())
    except once.AlreadySent:
        pass  # pressed twice: it stands there already
    return True


def _comment_removed(typed: str, bid_id: UUID, question_id: UUID) -> Any:
    try:
        comment_id = UUID(typed)
    except ValueError as error:
        raise NotYours(typed) from error
    with write():
        comments.remove_comment(bid_id, comment_id, actor())
    return _to_comments(bid_id, question_id)


def _to_comments(bid_id: UUID, question_id: UUID) -> Any:
    there = url_for(
        "bid_writing.question", bid_id=bid_id, question_id=question_id, _anchor="comments"
    )
    return redirect(there, 303)


def _saved(bid: Bid, question_id: UUID) -> Any:
    if not is_open(bid.lot):
        return late_page(bid.id)
    if request.form.get("then") == "list":
        return redirect(url_for("bids.show", bid_id=bid.id))
    ids = [each.id for each in bid.lot.questions]
    following = ids[ids.index(question_id) + 1 :]
    if following:
        return redirect(url_for("bid_writing.question", bid_id=bid.id, question_id=following[0]))
    return redirect(url_for("bid_price.show", bid_id=bid.id))
