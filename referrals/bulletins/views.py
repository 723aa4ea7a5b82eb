"""The pages of news, and of places that nobody uses."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor
from referrals.bulletins import actions, queries
from referrals.permissions import ReferralPermission

blueprint = Blueprint("bulletins", "referrals", template_folder="templates")


@blueprint.get("/service-news")
@requires(ReferralPermission.MY_CASES)
def index() -> str:
    """What has become of the services of one's region."""
    return render_template("referrals/bulletins/index.html", found=queries.bulletins(actor()))


@blueprint.post("/service-news/read")
@requires(ReferralPermission.MY_CASES)
def mark_read() -> Response:
    """Mark everything as read."""
    with write():
        actions.mark_read(actor())
    flash(_("All news is marked as read."), "success")
    return redirect(url_for("bulletins.index"), 303)


@blueprint.get("/service-news/unused-places")
@requires(ReferralPermission.MY_CASES)
def unused() -> str:
    """Places that have been free for four weeks."""
    return render_template("referrals/bulletins/unused.html", listings=queries.unused(actor()))
