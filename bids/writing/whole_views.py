"""The pages about the whole bid: who sees to which part, and the bid as a document."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from bids import queries
from bids.downloads import as_file
from bids.permissions import BidPermission
from bids.writing import documents, sharing
from bids.writing.forms import GIVE, SEEN, giving_form
from bids.writing.queries import given_people, writers_of
from bids.writing.views import blueprint
from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor


@blueprint.route("/<uuid:bid_id>/people", methods=["GET", "POST"])
@requires(BidPermission.WRITE)
def people(bid_id: UUID) -> Any:
    """Give each part of the bid to a colleague."""
    by = actor()
    bid = queries.own_bid(bid_id, by)
    parts = sharing.parts_of(bid)
    form = giving_form(parts, writers_of(by.organisation_id), given_people(bid.id))
    if form.validate_on_submit():
        wanted = {part: form[GIVE + part].data or "" for part in parts}
        seen = {part: form[SEEN + part].data or "" for part in parts}
        with write():
            sharing.give(bid_id, wanted, seen, by)
        flash(_("Saved. Whoever was given something new gets a mail."), "success")
        return redirect(url_for("bids.show", bid_id=bid_id), 303)
    return render_template("bids/writing/people.html", bid=bid, form=form, parts=parts, give=GIVE)


@blueprint.get("/<uuid:bid_id>/download")
@requires(BidPermission.WRITE)
def download(bid_id: UUID) -> Response:
    """The working copy as a document that word processors open."""
    bid = queries.own_bid(bid_id, actor())
    name = f"bid-{bid.lot.reference}.docx"
    return as_file(documents.as_document(bid), documents.MIMETYPE, name)
