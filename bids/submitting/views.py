"""Check, submit, the receipt, withdraw."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bids import checklist, queries
from bids.attachments.queries import asked_of
from bids.downloads import as_file
from bids.late import late_page
from bids.lifecycle import BID, WITHDRAW
from bids.models import BidVersion
from bids.permissions import BidPermission
from bids.price.arithmetic import PARTS
from bids.sealing import OwnCopy
from bids.submitting import actions, discarding, moments
from bids.submitting.content import content_of, price_of
from bids.submitting.forms import SubmitForm
from bids.working import TooLate, is_open
from lots.vocabulary import PRICE_BASES
from marketplace import once
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint(
    "bid_submitting", __name__, template_folder="../templates", url_prefix="/bids"
)
blueprint.add_app_template_filter(moments.in_london, "exactly_in_london")
blueprint.add_app_template_filter(moments.in_utc, "exactly_in_utc")


@blueprint.route("/<uuid:bid_id>/check", methods=["GET", "POST"])
@requires(BidPermission.SUBMIT)
def check(bid_id: UUID) -> Any:
    """Everything once more, the declarations, and the button that submits."""
    bid = queries.own_bid(bid_id, actor())
    form = SubmitForm()
    if request.method == "GET":
        form.seen.data = actions.lot_seen(bid.lot)
        if bid.latest is not None:
            form.hours.data = OwnCopy.of(bid.latest.own_copy).read_content().get("hours_spent")
    if form.validate_on_submit():
        try:
            _submit(bid_id, form)
            return redirect(url_for("bid_submitting.receipt", bid_id=bid_id), 303)
        except TooLate as late:
            return _too_late(bid_id, late)
        except (actions.LotChanged, actions.NotReady) as stopped:
            return _check_page(bid_id, form, stopped)
    if not is_open(bid.lot):
        return late_page(bid_id)
    return _check_page(bid_id, form)


def _submit(bid_id: UUID, form: SubmitForm) -> None:
    """Once for each page: a second press finds what the first did."""
    declared, seen = form.declarations.data or [], form.seen.data or ""
    try:
        with write():
            once.use_up(form.once.data)
            actions.submit_bid(bid_id, declared, seen, actor(), hours=form.hours.data)
    except once.AlreadySent:
        if queries.own_bid(bid_id, actor()).latest is None:
            raise


def _too_late(bid_id: UUID, late: TooLate) -> Any:
    if late.judged_at is not None and late.closes_at is not None:
        with write():
            actions.note_late(bid_id, late.judged_at, late.closes_at, actor())
    return late_page(bid_id, late)


def _check_page(bid_id: UUID, form: SubmitForm, stopped: Refusal | None = None) -> Any:
    bid = queries.own_bid(bid_id, actor())
    if stopped is not None:
        form.form_errors.append(str(stopped.text))
        form.seen.data = actions.lot_seen(bid.lot)
    page = render_template(
        "bids/submitting/check.html",
        form=form,
        bid=bid,
        problems=[each for each in checklist.tasks(bid, actor().organisation_id) if each.problem],
        content=content_of(bid, bid.lot, actor()),
        asked=asked_of(bid),
        price=price_of(bid),
        parts=PARTS,
        price_label=PRICE_BASES[bid.lot.price_basis],
        overtaken=isinstance(stopped, actions.LotChanged),
    )
    return page, 409 if stopped else 200


@blueprint.get("/<uuid:bid_id>/receipt")
@requires(BidPermission.WRITE)
def receipt(bid_id: UUID) -> Any:
    """Every submitted version with its moment and hashes, and how to recompute them."""
    bid = queries.own_bid(bid_id, actor())
    return render_template(
        "bids/submitting/receipt.html",
        bid=bid,
        contents={each.number: OwnCopy.of(each.own_copy).read_content() for each in bid.versions},
        content_name=_file_name(bid.latest, "content") if bid.latest else "",
    )


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
    actions.judge_withdrawal(bid.lot)
    return render_template("bids/submitting/withdraw.html", bid=bid)


@blueprint.route("/<uuid:bid_id>/discard", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def discard(bid_id: UUID) -> Any:
    """Go back to the version submitted last, after one question."""
    bid = queries.own_bid(bid_id, actor())
    if request.method == "POST":
        with write():
            whole = discarding.discard_changes(bid_id, actor())
        if whole:
            flash(_("Your bid is again what you submitted. Nothing more is needed."), "success")
        else:
            flash(
                _(
                    "Answers, price and costs are again what you submitted. Files or partners "
                    "still differ from it: what is submitted counts."
                )
            )
        return redirect(url_for("bids.show", bid_id=bid_id))
    discarding.version_behind(bid)
    return render_template("bids/submitting/discard.html", bid=bid)


@blueprint.get("/<uuid:bid_id>/versions/<int:number>")
@requires(BidPermission.WRITE)
def version(bid_id: UUID, number: int) -> Response:
    """A submitted version, byte for byte what the receipt's SHA-256 was computed of."""
    return _part(bid_id, number, "content")


@blueprint.get("/<uuid:bid_id>/versions/<int:number>/price")
@requires(BidPermission.WRITE)
def version_price(bid_id: UUID, number: int) -> Response:
    """Its price part, byte for byte what the hash inside the content was computed of."""
    return _part(bid_id, number, "price")


def _part(bid_id: UUID, number: int, part: str) -> Response:
    found = queries.own_version(queries.own_bid(bid_id, actor()), number)
    copy = OwnCopy.of(found.own_copy)
    text = copy.content if part == "content" else copy.price
    return as_file(text, "application/json", _file_name(found, part))


def _file_name(version: BidVersion, part: str) -> str:
    about = "" if part == "content" else f"-{part}"
    return f"bid-{version.bid.lot.reference}-{version.number}{about}.json"
