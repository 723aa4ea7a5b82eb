"""The bidder's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bids import actions, checklist, documents, queries
from bids.awards.queries import has_summary
from bids.changes.actions import outstanding
from bids.forms import DECLARATIONS, SubmitForm, answer_form, edition_of, longest, price_form
from bids.lifecycle import BID, WITHDRAW
from bids.models import WRITABLE, Bid, BidAnswer
from bids.permissions import BidPermission
from lots.models import LotQuestion
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form

blueprint = Blueprint("bids", __name__, template_folder="templates", url_prefix="/bids")


@blueprint.get("")
@requires(BidPermission.LIST_OWN)
def index() -> Any:
    """Every bid of the organisation."""
    return render_template("bids/index.html", bids=queries.own_bids(actor()))


@blueprint.post("/start/<uuid:lot_id>")
@requires(BidPermission.WRITE)
def start(lot_id: UUID) -> Any:
    """Begin the bid for a lot, or go on with it."""
    try:
        with write():
            bid_id = actions.start_bid(lot_id, actor()).id
    except actions.TooLate as late:
        return render_template("bids/late.html", bid_id=late.bid_id), 409
    return redirect(url_for("bids.show", bid_id=bid_id))


@blueprint.get("/<uuid:bid_id>")
@requires(BidPermission.WRITE)
def show(bid_id: UUID) -> Any:
    """The task list: what is there, what is missing, who must act."""
    bid = queries.own_bid(bid_id, actor())
    return render_template(
        "bids/show.html",
        bid=bid,
        tasks=checklist.tasks(bid, actor().organisation_id),
        writable=bid.state in WRITABLE and actions.is_open(bid.lot),
        told=has_summary(bid.id),
        owed=outstanding(bid),
    )


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
        except actions.TypedMeanwhile as other:
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
    page = render_template("bids/question.html", form=form, bid=bid, question=asked, clash=clash)
    return page, 409 if clash else 200


@blueprint.route("/<uuid:bid_id>/price", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def price(bid_id: UUID) -> Any:
    """The price, by the lot's price basis."""
    bid = queries.own_bid(bid_id, actor())
    pence = int(bid.price_pence) if bid.price_pence else None
    form = price_form(bid.lot.price_basis, amount=pence, edition=str(bid.price_edition))
    clash = None
    if form.validate_on_submit():
        try:
            with write():
                actions.save_price(bid_id, form.amount.data, edition_of(form), actor())
            return _saved(queries.own_bid(bid_id, actor()), None)
        except actions.TypedMeanwhile as other:
            clash = other
            form.edition.data = str(other.edition)
    bid = queries.own_bid(bid_id, actor())
    page = render_template("bids/price.html", form=form, bid=bid, clash=clash)
    return page, 409 if clash else 200


def _saved(bid: Bid, question_id: UUID | None) -> Any:
    if not actions.is_open(bid.lot):
        return render_template("bids/late.html", bid_id=bid.id), 409
    if request.form.get("then") == "list" or question_id is None:
        return redirect(url_for("bids.show", bid_id=bid.id))
    ids = [each.id for each in bid.lot.questions]
    following = ids[ids.index(question_id) + 1 :]
    if following:
        return redirect(url_for("bids.question", bid_id=bid.id, question_id=following[0]))
    return redirect(url_for("bids.price", bid_id=bid.id))


@blueprint.route("/<uuid:bid_id>/check", methods=["GET", "POST"])
@requires(BidPermission.SUBMIT)
def check(bid_id: UUID) -> Any:
    """Everything once more, the declarations, and the button that submits."""
    bid = queries.own_bid(bid_id, actor())
    missing = checklist.missing(bid, actor().organisation_id)
    form, overtaken = SubmitForm(), False
    if request.method == "GET":
        form.seen.data = actions.lot_seen(bid.lot)
    if not missing and form.validate_on_submit():
        texts = [str(DECLARATIONS[key]) for key in form.declarations.data]
        try:
            with write():
                actions.submit_bid(bid_id, texts, form.seen.data or "", actor())
            return redirect(url_for("bids.receipt", bid_id=bid_id))
        except actions.TooLate:
            return render_template("bids/late.html", bid_id=bid_id), 409
        except actions.LotChanged as changed:
            overtaken = True
            form.form_errors.append(str(changed.text))
            bid = queries.own_bid(bid_id, actor())
            form.seen.data = actions.lot_seen(bid.lot)
    if not actions.is_open(bid.lot):
        return render_template("bids/late.html", bid_id=bid_id), 409
    answers = {answer.question_id: answer.text for answer in bid.answers}
    page = render_template(
        "bids/check.html",
        form=form,
        bid=bid,
        missing=missing,
        answers=answers,
        overtaken=overtaken,
    )
    return page, 409 if overtaken else 200


@blueprint.get("/<uuid:bid_id>/receipt")
@requires(BidPermission.WRITE)
def receipt(bid_id: UUID) -> Any:
    """Every submitted version with its moment and hash."""
    return render_template("bids/receipt.html", bid=queries.own_bid(bid_id, actor()))


@blueprint.route("/<uuid:bid_id>/withdraw", methods=["GET", "POST"])
@requires(BidPermission.SUBMIT)
def withdraw(bid_id: UUID) -> Any:
    """Take the bid back, after one question."""
    bid = queries.own_bid(bid_id, actor())
    if request.method == "POST":
        with write():
            actions.withdraw_bid(bid_id, actor())
        flash(_("Your bid is withdrawn. You can submit it again until the lot closes."), "success")
        return redirect(url_for("bids.show", bid_id=bid_id))
    BID.expect(WITHDRAW, bid)
    if not actions.is_open(bid.lot):
        raise Refusal(_("This lot has closed. A bid cannot be withdrawn here after closing."))
    return render_template("bids/withdraw.html", bid=bid)


@blueprint.get("/<uuid:bid_id>/download")
@requires(BidPermission.WRITE)
def download(bid_id: UUID) -> Response:
    """The working copy as a text document."""
    bid = queries.own_bid(bid_id, actor())
    return _file(documents.as_text(bid), "text/plain", f"bid-{bid.lot.reference}.txt")


@blueprint.get("/<uuid:bid_id>/versions/<int:number>")
@requires(BidPermission.WRITE)
def version(bid_id: UUID, number: int) -> Response:
    """A submitted version, byte for byte what the receipt's SHA-256 was computed of."""
    bid = queries.own_bid(bid_id, actor())
    copy = actions.own_copy(queries.own_version(bid, number))
    return _file(copy["content"], "application/json", f"bid-{bid.lot.reference}-{number}.json")


def _file(text: str, mimetype: str, name: str) -> Response:
    answer = Response(text.encode(), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
