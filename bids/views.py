"""The bidder's pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for

from bids import checklist, queries
from bids.awards.queries import has_summary
from bids.changes.actions import outstanding
from bids.models import WRITABLE
from bids.permissions import BidPermission
from bids.working import TooLate, is_open
from bids.writing.actions import start_bid
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor

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
            bid_id = start_bid(lot_id, actor()).id
    except TooLate as late:
        return render_template("bids/submitting/late.html", bid_id=late.bid_id), 409
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
        writable=bid.state in WRITABLE and is_open(bid.lot),
        told=has_summary(bid.id),
        owed=outstanding(bid),
    )
