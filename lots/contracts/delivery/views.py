"""The pages of delivery: a review for both sides, and a contract's figures for everybody."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lots.contracts.changes.models import CHANGE_KINDS
from lots.contracts.changes.permissions import ChangePermission
from lots.contracts.delivery import queries, reviewing
from lots.contracts.delivery.forms import ReviewForm
from lots.contracts.delivery.lifecycle import CLOSE, REVIEW, change_since
from lots.contracts.delivery.permissions import DeliveryPermission
from lots.contracts.delivery.vocabulary import DIRECTIONS, ReviewState
from marketplace.database import write
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor

blueprint = Blueprint("life", "lots", template_folder="templates")


@blueprint.get("/contracts/reviews/<uuid:review_id>")
@requires(DeliveryPermission.SEE_REVIEW)
def review(review_id: UUID) -> str:
    """One review: what called for it, what came of it."""
    by = actor()
    found = queries.review(review_id, by)
    return render_template(
        "lots/contracts/delivery/review.html",
        review=found,
        contract=found.contract,
        months=queries.months_behind(found),
        directions=DIRECTIONS,
        kinds=CHANGE_KINDS,
        may_end=CLOSE in REVIEW.offers(found, by),
        may_propose=allowed(by, ChangePermission.PROPOSE, found.contract),
    )


@blueprint.route("/contracts/reviews/<uuid:review_id>/end", methods=["GET", "POST"])
@requires(DeliveryPermission.END_REVIEW)
def end_review(review_id: UUID) -> str | Response:
    """End a review with the change proposed, or with the reason why nothing changes."""
    by = actor()
    found = queries.review(review_id, by)
    check(by, DeliveryPermission.END_REVIEW, found)
    form = ReviewForm()
    if form.validate_on_submit():
        with write():
            if form.outcome.data == ReviewState.AGREED:
                reviewing.agree(review_id, by)
            else:
                reviewing.close(review_id, form.reason.data or "", by)
        flash(_("The review has ended. Both sides have been told."), "success")
        return redirect(url_for("life.review", review_id=review_id), 303)
    REVIEW.expect(CLOSE, found)
    return render_template(
        "lots/contracts/delivery/end_review.html",
        review=found,
        contract=found.contract,
        form=form,
        change=change_since(found),
        kinds=CHANGE_KINDS,
    )
