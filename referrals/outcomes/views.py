"""The page on which a caseworker reviews where the person stands."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.categories.queries import category_names
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.frame import render_case
from referrals.outcomes import actions
from referrals.outcomes.forms import OutcomesForm
from referrals.outcomes.models import POSITIONS
from referrals.outcomes.queries import outcomes_of
from referrals.permissions import ReferralPermission

blueprint = Blueprint("outcomes", "referrals", template_folder="templates")


@blueprint.route("/cases/<uuid:referral_id>/review", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def review(referral_id: UUID) -> str | Response:
    """Record where the person stands now."""
    by = actor()
    queries.case(referral_id, by)
    outcomes = outcomes_of(referral_id, category_names())
    form = OutcomesForm.for_outcomes(outcomes)()
    if request.method == "POST" and form.validate():
        try:
            with write():
                said, own = form.positions(outcomes), form.own_positions(outcomes)
                actions.record_review(referral_id, said, by, own)
            flash(_("The review is recorded."), "success")
            return redirect(url_for("plans.show", referral_id=referral_id), 303)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
    observe_read("referral", referral_id, by)
    page = render_case(
        "referrals/outcomes/review.html",
        queries.case(referral_id, by),
        by,
        form=form,
        outcomes=outcomes,
    )
    return make_response(page, 409 if form.form_errors else 200)


def register(app: Flask) -> None:
    """Add the page, and the words of the five positions for the picture."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(outcome_positions=POSITIONS)
