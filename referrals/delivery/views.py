"""The pages on which the provider records its work on a case."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, make_response, render_template, request
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
from referrals.answering.steps import back_to, say_above
from referrals.delivery import actions
from referrals.delivery.forms import AssessmentForm
from referrals.delivery.models import Method
from referrals.outcomes.queries import outcomes_of
from referrals.permissions import ReferralPermission

blueprint = Blueprint("delivery", "referrals", template_folder="templates")


@blueprint.route("/cases/<uuid:referral_id>/assessment", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def assessment(referral_id: UUID) -> Response:
    """Record the initial assessment."""
    queries.case(referral_id, actor())
    outcomes = outcomes_of(referral_id, category_names())
    form = AssessmentForm.for_outcomes(outcomes)()
    status = 200
    if request.method == "POST" and form.validate():
        try:
            with write():
                actions.record_assessment(
                    referral_id,
                    form.held_on.data,
                    Method(form.method.data),
                    form.notes.data,
                    form.positions(outcomes),
                    actor(),
                    form.own_positions(outcomes),
                )
            return back_to(referral_id, _("The assessment is recorded. The work has begun."))
        except Refusal as refusal:
            say_above(form, refusal)
            status = 409
    # The page shows what the case is about, so that reading it is recorded as reading the case.
    observe_read("referral", referral_id, actor())
    page = render_template(
        "referrals/delivery/assessment.html", form=form, referral_id=referral_id, outcomes=outcomes
    )
    return make_response(page, status)
