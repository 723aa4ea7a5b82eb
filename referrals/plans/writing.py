"""The pages on which the provider writes a version of the plan, and sends it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import clock, once
from marketplace.acting import Acting
from marketplace.categories.queries import category_names
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.overtaken import Overtaken
from marketplace.permissions import NotYours, check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries as cases
from referrals.frame import render_case
from referrals.outcomes.queries import outcomes_of
from referrals.permissions import ReferralPermission
from referrals.plans import actions, queries
from referrals.plans.forms import ActivityForm, SessionsForm
from referrals.plans.kinds import OTHER, label_of, offered
from referrals.plans.models import PlanActivity
from referrals.plans.queries import seen_of

blueprint = Blueprint("plan_writing", "referrals", template_folder="templates")


@blueprint.post("/cases/<uuid:referral_id>/plan/begin")
@requires(ReferralPermission.DELIVER)
@sensitive
def begin(referral_id: UUID) -> Response:
    """Begin a version, or go on with the one being written."""
    with write():
        actions.begin(referral_id, actor())
    return _to_draft(referral_id)


@blueprint.get("/cases/<uuid:referral_id>/plan/draft")
@requires(ReferralPermission.DELIVER)
@sensitive
def draft(referral_id: UUID) -> str | Response:
    """The version being written, with what is still missing."""
    by = actor()
    referral = cases.case(referral_id, by)
    found = queries.draft(referral_id)
    if found is None:
        return _to_plan(referral_id)
    observe_read("referral", referral_id, by)
    return render_case(
        "referrals/plans/draft.html",
        referral,
        by,
        plan=found,
        outcomes=outcomes_of(referral_id, category_names(), dropped=True),
        missing=actions.what_is_missing(found, referral_id),
        held=queries.sessions_held(referral_id),
        seen_of=seen_of,
    )


@blueprint.route(
    "/cases/<uuid:referral_id>/plan/outcomes/<uuid:outcome_id>/add", methods=["GET", "POST"]
)
@requires(ReferralPermission.DELIVER)
@sensitive
def add(referral_id: UUID, outcome_id: UUID) -> str | Response:
    """Add an activity for one outcome."""
    by = actor()
    cases.case(referral_id, by)
    need = _need(referral_id, outcome_id)
    form = ActivityForm()
    form.offer(offered([need], clock.today()), None)
    if request.method == "POST" and form.validate():
        try:
            with write():
                check(by, ReferralPermission.DELIVER, cases.case(referral_id, by))
                once.use_up(form.once.data)
                actions.save_activity(referral_id, None, form.said(outcome_id), "", by)
            return _to_draft(referral_id, _("The activity is added."))
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            page = _activity_page(referral_id, outcome_id, form, by)
            return make_response(page, 409)
    return _activity_page(referral_id, outcome_id, form, by)


@blueprint.route(
    "/cases/<uuid:referral_id>/plan/activities/<uuid:activity_id>/of/<uuid:outcome_id>",
    methods=["GET", "POST"],
)
@requires(ReferralPermission.DELIVER)
@sensitive
def change(referral_id: UUID, activity_id: UUID, outcome_id: UUID) -> str | Response:
    """Change an activity of the draft; what somebody else saved in between is shown beside it."""
    by = actor()
    cases.case(referral_id, by)
    need = _need(referral_id, outcome_id)
    stored = _stored(referral_id, activity_id)
    if stored is None and request.method == "GET":
        return _to_draft(referral_id)
    form = ActivityForm(data=_typed(stored))
    kept = stored.kind_code if stored else None
    form.offer(offered([need], clock.today()), kept)
    if request.method == "POST" and form.validate():
        seen = form.seen.data or ""
        try:
            with write():
                said = form.said(outcome_id)
                actions.save_activity(referral_id, activity_id, said, seen, by)
            return _to_draft(referral_id, _("The activity is changed."))
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            theirs = isinstance(refusal, Overtaken)
            page = _activity_page(referral_id, outcome_id, form, by, activity_id, theirs)
            return make_response(page, 409)
    return _activity_page(referral_id, outcome_id, form, by, activity_id)


@blueprint.post("/cases/<uuid:referral_id>/plan/activities/<uuid:activity_id>/remove")
@requires(ReferralPermission.DELIVER)
@sensitive
def remove(referral_id: UUID, activity_id: UUID) -> Response:
    """Take an activity out of the draft."""
    with write():
        actions.remove_activity(referral_id, activity_id, request.form.get("seen", ""), actor())
    return _to_draft(referral_id, _("The activity is removed."))


@blueprint.route("/cases/<uuid:referral_id>/plan/sessions", methods=["GET", "POST"])
@requires(ReferralPermission.DELIVER)
@sensitive
def sessions(referral_id: UUID) -> str | Response:
    """Say how many sessions there are to be."""
    by = actor()
    referral = cases.case(referral_id, by)
    found = queries.draft(referral_id)
    if found is None and request.method == "GET":
        return _to_plan(referral_id)
    form, status, theirs = SessionsForm(data=_number(found)), 200, None
    if request.method == "POST" and form.validate():
        try:
            with write():
                number = form.sessions.data or 0
                actions.set_sessions(referral_id, number, form.seen.data or "", by)
            return _to_draft(referral_id, _("The number of sessions is saved."))
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            referral, status, found = cases.case(referral_id, by), 409, queries.draft(referral_id)
            if isinstance(refusal, Overtaken) and found:
                theirs = form.seen.data = str(found.plan.sessions or "")
    observe_read("referral", referral_id, by)
    held = queries.sessions_held(referral_id)
    page = render_case(
        "referrals/plans/sessions.html", referral, by, form=form, held=held, theirs=theirs
    )
    return make_response(page, status)


@blueprint.post("/cases/<uuid:referral_id>/plan/send")
@requires(ReferralPermission.DELIVER)
@sensitive
def send(referral_id: UUID) -> Response:
    """Send the plan to the practitioner."""
    with write():
        actions.send(referral_id, request.form.get("seen", ""), actor())
    flash(_("The plan is sent. The practitioner has been told and can comment."), "success")
    return _to_plan(referral_id)


@blueprint.post("/cases/<uuid:referral_id>/plan/discard")
@requires(ReferralPermission.DELIVER)
@sensitive
def discard(referral_id: UUID) -> Response:
    """Drop the version being written."""
    with write():
        actions.discard(referral_id, request.form.get("seen", ""), actor())
    flash(_("The version being written is gone."), "success")
    return _to_plan(referral_id)


def _activity_page(
    referral_id: UUID,
    outcome_id: UUID,
    form: ActivityForm,
    by: Acting,
    activity_id: UUID | None = None,
    is_overtaken: bool = False,
) -> str:
    referral = cases.case(referral_id, by)
    observe_read("referral", referral_id, by)
    outcomes = outcomes_of(referral_id, category_names())
    stored = _stored(referral_id, activity_id) if activity_id else None
    if is_overtaken and stored:
        form.seen.data = seen_of(stored)
    if activity_id and stored is None:
        # Removed by somebody else: what was typed can be saved as a new one.
        form.renew()
    return render_case(
        "referrals/plans/activity.html",
        referral,
        by,
        form=form,
        outcome=next(each.outcome for each in outcomes if each.outcome_id == outcome_id),
        address=url_for(
            "plan_writing.change",
            referral_id=referral_id,
            activity_id=activity_id,
            outcome_id=outcome_id,
        )
        if stored
        else url_for("plan_writing.add", referral_id=referral_id, outcome_id=outcome_id),
        theirs=stored if is_overtaken else None,
        label_of=label_of,
        other=OTHER,
    )


def _need(referral_id: UUID, outcome_id: UUID) -> str:
    """The need that a chosen outcome belongs to. Raises NotYours for another case's."""
    need = queries.chosen_outcomes(referral_id).get(outcome_id)
    if need is None:
        raise NotYours()
    return need


def _stored(referral_id: UUID, activity_id: UUID) -> PlanActivity | None:
    found = queries.draft(referral_id)
    activities = found.activities if found else ()
    return next((each for each in activities if each.id == activity_id), None)


def _typed(stored: PlanActivity | None) -> dict[str, object]:
    if stored is None:
        return {}
    return {
        "seen": seen_of(stored),
        "kind": stored.kind_code,
        "words": stored.words or "",
        "doer": stored.doer.value,
        "frequency": stored.frequency.value,
        "method": stored.method.value,
        "by_on": stored.by_on,
    }


def _number(found: queries.Plan | None) -> dict[str, object]:
    number = found.plan.sessions if found else None
    return {"sessions": number, "seen": str(number or "")}


def _to_draft(referral_id: UUID, done: str | None = None) -> Response:
    if done:
        flash(done, "success")
    return redirect(url_for("plan_writing.draft", referral_id=referral_id), 303)


def _to_plan(referral_id: UUID) -> Response:
    return redirect(url_for("plans.show", referral_id=referral_id), 303)
