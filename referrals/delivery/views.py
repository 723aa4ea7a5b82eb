"""The pages on which the provider records its work on a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.categories.queries import category_names
from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.delivery import actions
from referrals.delivery.actions import Feedback, OutcomeResult
from referrals.delivery.forms import (
    AssessmentForm,
    FeedbackForm,
    OutcomesForm,
    ReportForm,
    SessionForm,
)
from referrals.delivery.models import Achievement, Attendance, Method
from referrals.delivery.queries import Travelled, outcomes_of, session_of
from referrals.permissions import ReferralPermission

blueprint = Blueprint("delivery", "referrals", template_folder="templates")


def _outcomes(referral_id: UUID) -> list[Travelled]:
    queries.case(referral_id, actor())
    return outcomes_of(referral_id, category_names())


def _positions(form: OutcomesForm, outcomes: list[Travelled]) -> dict[UUID, int]:
    given = form.answers("position", outcomes)
    return {each.outcome_id: int(position) for each, position in zip(outcomes, given, strict=True)}


def _page(template: str, referral_id: UUID, form: Form, **shown: Any) -> str:
    # These pages show what the case is about, so that reading one is recorded as reading the case.
    observe_read("referral", referral_id, actor())
    return render_template(
        f"referrals/delivery/{template}.html", form=form, referral_id=referral_id, **shown
    )


def _back(referral_id: UUID, done: str) -> Response:
    flash(done, "success")
    return redirect(url_for("cases.show", referral_id=referral_id), 303)


@blueprint.route("/cases/<uuid:referral_id>/assessment", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def assessment(referral_id: UUID) -> str | Response:
    """Record the initial assessment."""
    outcomes = _outcomes(referral_id)
    form = AssessmentForm.for_outcomes(outcomes, ["position"])()
    if request.method == "POST" and form.validate():
        with write():
            actions.record_assessment(
                referral_id,
                form.held_on.data,
                Method(form.method.data),
                form.notes.data,
                _positions(form, outcomes),
                actor(),
            )
        return _back(referral_id, _("The assessment is recorded. The work has begun."))
    return _page("assessment", referral_id, form, outcomes=outcomes)


@blueprint.route("/cases/<uuid:referral_id>/sessions/new", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def arrange(referral_id: UUID) -> str | Response:
    """Arrange a session."""
    by = actor()
    queries.case(referral_id, by)
    form = SessionForm()
    if request.method == "POST" and form.validate():
        with write():
            once.use_up(form.once.data)
            actions.arrange_session(referral_id, form.starts_at, Method(form.method.data), by)
        return _back(referral_id, _("The session is arranged."))
    return _page("arrange", referral_id, form)


@blueprint.route("/cases/<uuid:referral_id>/sessions/<uuid:session_id>", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def record(referral_id: UUID, session_id: UUID) -> str | Response:
    """Record what came of a session."""
    by = actor()
    queries.case(referral_id, by)
    session = session_of(referral_id, session_id)
    form = FeedbackForm()
    if request.method == "POST" and form.validate():
        concern = form.concern.data if form.has_concern.data == "yes" else None
        said = Feedback(Attendance(form.attendance.data), form.feedback.data, concern)
        with write():
            actions.record_session(referral_id, session_id, said, by)
        return _back(referral_id, _("The session is recorded."))
    return _page("record", referral_id, form, session=session)


@blueprint.route("/cases/<uuid:referral_id>/review", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def review(referral_id: UUID) -> str | Response:
    """Record where the person stands now."""
    outcomes = _outcomes(referral_id)
    form = OutcomesForm.for_outcomes(outcomes, ["position"])()
    if request.method == "POST" and form.validate():
        with write():
            actions.record_review(referral_id, _positions(form, outcomes), actor())
        return _back(referral_id, _("The review is recorded."))
    return _page("review", referral_id, form, outcomes=outcomes)


@blueprint.post("/cases/<uuid:referral_id>/conclude")
@requires(ReferralPermission.DELIVER)
@sensitive
def conclude(referral_id: UUID) -> Response:
    """Finish the sessions."""
    with write():
        actions.conclude(referral_id, actor())
    return _back(referral_id, _("The sessions are finished. Now write the end of service report."))


@blueprint.route("/cases/<uuid:referral_id>/report", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def report(referral_id: UUID) -> str | Response:
    """Write the end of service report."""
    outcomes = _outcomes(referral_id)
    form = ReportForm.for_outcomes(outcomes, ["achievement", "comment", "position"])()
    if request.method == "POST" and form.validate():
        with write():
            actions.send_report(referral_id, form.summary.data, _results(form, outcomes), actor())
        return _back(referral_id, _("The report is sent. The case is completed."))
    return _page("report", referral_id, form, outcomes=outcomes)


def _results(form: ReportForm, outcomes: list[Travelled]) -> list[OutcomeResult]:
    positions = _positions(form, outcomes)
    said = zip(
        outcomes,
        form.answers("achievement", outcomes),
        form.answers("comment", outcomes),
        strict=True,
    )
    return [
        OutcomeResult(each.outcome_id, Achievement(achieved), comment, positions[each.outcome_id])
        for each, achieved, comment in said
    ]
