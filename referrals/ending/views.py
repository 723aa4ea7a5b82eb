"""The pages on which the work ends: finishing the sessions, the report, and reading it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, make_response, redirect, request, url_for
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
from referrals.codes import ReferralState
from referrals.ending import actions
from referrals.ending.forms import ReportForm
from referrals.ending.models import RATINGS
from referrals.ending.queries import report_of, sessions_ahead
from referrals.frame import render_case
from referrals.outcomes.models import POSITIONS
from referrals.outcomes.queries import outcomes_of
from referrals.permissions import ReferralPermission

blueprint = Blueprint("ending", "referrals", template_folder="templates")


@blueprint.post("/cases/<uuid:referral_id>/conclude")
@requires(ReferralPermission.DELIVER)
@sensitive
def conclude(referral_id: UUID) -> Response:
    """Finish the sessions."""
    with write():
        actions.conclude(referral_id, actor())
    flash(_("The sessions are finished. Now write the end of service report."), "success")
    return redirect(url_for("ending.report", referral_id=referral_id), 303)


@blueprint.route("/cases/<uuid:referral_id>/report", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def report(referral_id: UUID) -> str | Response:
    """Write the end of service report."""
    by = actor()
    referral = queries.case(referral_id, by)
    if request.method == "GET" and referral.state == ReferralState.COMPLETED:
        return redirect(url_for("ending.read", referral_id=referral_id), 303)
    outcomes = outcomes_of(referral_id, category_names())
    form = ReportForm.for_outcomes(outcomes)()
    if request.method == "POST" and form.validate():
        try:
            with write():
                results = form.results(outcomes)
                actions.send_report(referral_id, form.summary.data, results, by, form.rated)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            return make_response(_report_page(referral_id, form), 409)
        flash(_("The report is sent. The case is completed."), "success")
        return redirect(url_for("ending.read", referral_id=referral_id), 303)
    return _report_page(referral_id, form)


def _report_page(referral_id: UUID, form: ReportForm) -> str:
    """The form; where the report cannot be sent any more, what was typed can still be copied."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    return render_case(
        "referrals/ending/report.html",
        referral,
        by,
        form=form,
        outcomes=outcomes_of(referral_id, category_names()),
        can_send=referral.state == ReferralState.CONCLUDING,
        ahead=sessions_ahead(referral_id),
    )


@blueprint.get("/cases/<uuid:referral_id>/end-report")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def read(referral_id: UUID) -> str:
    """The end of service report, for both sides."""
    by = actor()
    referral = queries.case(referral_id, by)
    found = report_of(referral_id)
    if found is None:
        abort(404)
    observe_read("referral", referral_id, by)
    return render_case(
        "referrals/ending/read.html",
        referral,
        by,
        found=found,
        outcomes=outcomes_of(referral_id, category_names()),
        positions=POSITIONS,
        ratings=RATINGS,
    )
