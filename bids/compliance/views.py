"""One opened bid, and its check against the requirements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for

from bids.attachments.queries import demands_in
from bids.changes.actions import outstanding
from bids.compliance import actions, forms, queries
from bids.evaluation import queries as evaluations
from bids.models import SetAsideGround
from bids.partners.opening import opened_partners
from bids.permissions import BidPermission
from bids.price.opened import opened_sheet
from lots.permissions import DRAFTERS
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.permissions import NotYours, requires
from marketplace.web.acting import actor

blueprint = Blueprint(
    "compliance", __name__, template_folder="../templates", url_prefix="/evaluations"
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
        return redirect(url_for("evaluations.show", evaluation_id=evaluation_id))
    if request.method == "POST" and not manages:
        raise NotYours(bid_id)
    observe_read("bid", bid_id, actor())
    content = evaluations.content_of(opened)
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
    )


@blueprint.post("/<uuid:evaluation_id>/bids/<uuid:bid_id>/pass")
@requires(BidPermission.MANAGE)
def pass_bid(evaluation_id: UUID, bid_id: UUID) -> Any:
    """Confirm that a bid meets the requirements."""
    evaluations.managed(evaluation_id, actor())
    with write():
        actions.pass_bid(evaluation_id, bid_id, actor())
    return redirect(url_for("evaluations.show", evaluation_id=evaluation_id))
