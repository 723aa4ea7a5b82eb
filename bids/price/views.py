"""The page of the price."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for

from bids import queries
from bids.permissions import BidPermission
from bids.price import actions
from bids.price.forms import price_form
from bids.working import TypedMeanwhile, edition_of, is_open
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor

blueprint = Blueprint("bid_price", __name__, template_folder="../templates", url_prefix="/bids")


@blueprint.route("/<uuid:bid_id>/price", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def show(bid_id: UUID) -> Any:
    """The price, by the lot's price basis."""
    bid = queries.own_bid(bid_id, actor())
    pence = int(bid.price_pence) if bid.price_pence else None
    form = price_form(bid.lot.price_basis, amount=pence, edition=str(bid.price_edition))
    clash = None
    if form.validate_on_submit():
        try:
            with write():
                actions.save_price(bid_id, form.amount.data, edition_of(form), actor())
            if not is_open(bid.lot):
                return render_template("bids/submitting/late.html", bid_id=bid_id), 409
            return redirect(url_for("bids.show", bid_id=bid_id))
        except TypedMeanwhile as other:
            clash = other
            form.edition.data = str(other.edition)
    bid = queries.own_bid(bid_id, actor())
    page = render_template("bids/price/show.html", form=form, bid=bid, clash=clash)
    return page, 409 if clash else 200
