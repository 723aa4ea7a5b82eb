"""The check of opened bids: all of them, one of them, and asking for a correction."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from bids.attachments.queries import demands_in
from bids.changes.actions import outstanding
from bids.compliance import actions, corrections, forms, queries
from bids.compliance.models import CORRECTION_ENDS, FAULTS, Fault
from bids.evaluation import queries as evaluations
from bids.models import TO_CHECK, BidState, SetAsideGround
from bids.partners.opening import opened_partners
from bids.permissions import BidPermission
from bids.price.opened import opened_sheet
from lots.permissions import DRAFTERS
from marketplace import clock, files
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor

blueprint = Blueprint(
    "compliance", __name__, template_folder="../templates", url_prefix="/evaluations"
)


@blueprint.get("/<uuid:evaluation_id>/check")
@requires(BidPermission.READ_OPENED)
def index(evaluation_id: UUID) -> str:
    """Every opened bid with what is to check and where it stands."""
    evaluation = evaluations.readable(evaluation_id, actor())
    listed = queries.checklist(evaluation)
    observe_read("bid_check", evaluation.id, actor())
    return render_template(
        "bids/compliance/index.html",
        evaluation=evaluation,
        listed=listed,
        left=sum(each.bid.state in TO_CHECK for each in listed),
        faults=FAULTS,
        ends=CORRECTION_ENDS,
        last_day=corrections.last_day,
    )


@blueprint.route("/<uuid:evaluation_id>/bids/<uuid:bid_id>", methods=["GET", "POST"])
@requires(BidPermission.READ_OPENED)
def bid(evaluation_id: UUID, bid_id: UUID) -> Any:
    """One opened bid in full; officers also check it against the requirements."""
    evaluation = evaluations.readable(evaluation_id, actor())
    opened = evaluations.opened_bid(evaluation, bid_id)
    grounds = queries.grounds(evaluation, opened.bid)
    form = forms.SetAsideForm(grounds)
    manages = actor().has(*DRAFTERS)
    if manages and form.validate_on_submit():
        with write():
            ground = SetAsideGround(form.ground.data)
            actions.set_aside(evaluation_id, bid_id, ground, form.reason.data or "", actor())
        return redirect(url_for("compliance.index", evaluation_id=evaluation_id), 303)
    if request.method == "POST" and not manages:
        raise NotYours(bid_id)
    observe_read("bid", bid_id, actor())
    content = evaluations.content_of(opened)
    before_prices = evaluation.state in evaluations.BEFORE_PRICES
    return render_template(
        "bids/bid.html",
        unconfirmed=outstanding(opened.bid),
        form=form,
        evaluation=evaluation,
        opened=opened,
        name=evaluations.bidder_names([opened.bid])[bid_id],
        sheet=opened_sheet(opened),
        content=content,
        opened_partners=opened_partners(bid_id),
        demands=demands_in(content),
        manages=manages,
        may_set_aside=manages and bool(grounds),
        may_ask=manages and before_prices and opened.bid.state == BidState.OPENED,
        corrections=queries.corrections_of([bid_id]).get(bid_id, []),
        faults=FAULTS,
        ends=CORRECTION_ENDS,
        last_day=corrections.last_day,
    )


@blueprint.post("/<uuid:evaluation_id>/bids/<uuid:bid_id>/pass")
@requires(BidPermission.MANAGE)
def pass_bid(evaluation_id: UUID, bid_id: UUID) -> Any:
    """Confirm that a bid meets the requirements."""
    evaluations.managed(evaluation_id, actor())
    with write():
        actions.pass_bid(evaluation_id, bid_id, actor())
    return redirect(url_for("compliance.index", evaluation_id=evaluation_id), 303)


@blueprint.route("/<uuid:evaluation_id>/bids/<uuid:bid_id>/correction", methods=["GET", "POST"])
@requires(BidPermission.MANAGE)
def ask(evaluation_id: UUID, bid_id: UUID) -> Any:
    """Ask the bidder to correct a fault of an enumerated kind."""
    evaluations.managed(evaluation_id, actor())
    form = forms.AskForm(data={"days": corrections.usual_days()})
    if form.validate_on_submit():
        asked = (Fault(form.fault.data), form.what.data or "")
        try:
            with write():
                corrections.ask(evaluation_id, bid_id, asked, form.days.data or 0, actor())
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
        else:
            flash(_("The bidder has been sent an email."), "success")
            return redirect(url_for("compliance.index", evaluation_id=evaluation_id), 303)
    # Read after the refusal: what was read before it is gone with its transaction.
    evaluation = evaluations.managed(evaluation_id, actor())
    opened = evaluations.opened_bid(evaluation, bid_id)
    return render_template(
        "bids/compliance/ask.html",
        form=form,
        evaluation=evaluation,
        opened=opened,
        name=evaluations.bidder_names([opened.bid])[bid_id],
        today=clock.today(),
        until=corrections.last_day(corrections.due(corrections.usual_days())),
    )


@blueprint.post("/<uuid:evaluation_id>/bids/<uuid:bid_id>/correction/take-back")
@requires(BidPermission.MANAGE)
def take_back(evaluation_id: UUID, bid_id: UUID) -> Any:
    """Take the request to correct back."""
    evaluations.managed(evaluation_id, actor())
    with write():
        corrections.take_back(evaluation_id, bid_id, actor())
    flash(_("The request is taken back. The bidder has been sent an email."), "success")
    return redirect(url_for("compliance.bid", evaluation_id=evaluation_id, bid_id=bid_id), 303)


@blueprint.get("/<uuid:evaluation_id>/bids/<uuid:bid_id>/correction/files/<uuid:sent_id>")
@requires(BidPermission.READ_OPENED)
def file(evaluation_id: UUID, bid_id: UUID, sent_id: UUID) -> Any:
    """A file that the bidder sent with its correction."""
    evaluation = evaluations.readable(evaluation_id, actor())
    evaluations.opened_bid(evaluation, bid_id)
    sent = queries.sent_file(bid_id, sent_id, answered=True)
    observe_read("bid", bid_id, actor())
    return files.send(sent.file)
