"""Check, submit, the receipt, withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bids import checklist, queries
from bids.downloads import as_file
from bids.lifecycle import BID, WITHDRAW
from bids.permissions import BidPermission
from bids.submitting import actions
from bids.submitting.forms import DECLARATIONS, SubmitForm
from bids.working import TooLate, is_open
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint(
    "bid_submitting", __name__, template_folder="../templates", url_prefix="/bids"
)


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
            return redirect(url_for("bid_submitting.receipt", bid_id=bid_id))
        except TooLate:
            return render_template("bids/submitting/late.html", bid_id=bid_id), 409
        except actions.LotChanged as changed:
            overtaken = True
            form.form_errors.append(str(changed.text))
            bid = queries.own_bid(bid_id, actor())
            form.seen.data = actions.lot_seen(bid.lot)
    if not is_open(bid.lot):
        return render_template("bids/submitting/late.html", bid_id=bid_id), 409
    answers = {answer.question_id: answer.text for answer in bid.answers}
    page = render_template(
        "bids/submitting/check.html",
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
    return render_template("bids/submitting/receipt.html", bid=queries.own_bid(bid_id, actor()))


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
    if not is_open(bid.lot):
        raise Refusal(_("This lot has closed. A bid cannot be withdrawn here after closing."))
    return render_template("bids/submitting/withdraw.html", bid=bid)


@blueprint.get("/<uuid:bid_id>/versions/<int:number>")
@requires(BidPermission.WRITE)
def version(bid_id: UUID, number: int) -> Response:
    """A submitted version, byte for byte what the receipt's SHA-256 was computed of."""
    bid = queries.own_bid(bid_id, actor())
    copy = actions.own_copy(queries.own_version(bid, number))
    return as_file(copy["content"], "application/json", f"bid-{bid.lot.reference}-{number}.json")
