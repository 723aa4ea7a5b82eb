"""The plan and the distance travelled, as both sides read them, and what they say of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.categories.queries import category_names
from marketplace.database import write
from marketplace.lifecycle import Refusal
from marketplace.observations import observe_read
from marketplace.permissions import allowed, check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries as cases
from referrals.codes import ReferralState
from referrals.frame import render_case
from referrals.outcomes.queries import Travelled, outcomes_of
from referrals.permissions import ReferralPermission
from referrals.plans import actions, changes, queries
from referrals.plans.forms import CommentForm
from referrals.plans.queries import Plan
from referrals.plans.rar import days_used

blueprint = Blueprint("plans", "referrals", template_folder="templates")


@blueprint.get("/cases/<uuid:referral_id>/plan")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def show(referral_id: UUID) -> str:
    """The plan in force, how far the person has come, and the enforceable days used."""
    by = actor()
    referral = cases.case(referral_id, by)
    observe_read("referral", referral_id, by)
    delivers = allowed(by, ReferralPermission.DELIVER, referral)
    can_write = delivers and referral.state == ReferralState.ACTIVE
    return render_case(
        "referrals/plans/show.html",
        referral,
        by,
        plan=queries.current(referral_id),
        draft=queries.draft(referral_id) if delivers else None,
        can_write=can_write,
        can_comment=referral.ended_at is None,
        outcomes=outcomes_of(referral_id, category_names(), dropped=True),
        comments=queries.comments_on(referral_id),
        versions=queries.versions_sent(referral_id),
        days=days_used(referral),
        is_completed=referral.state == ReferralState.COMPLETED,
    )


@blueprint.get("/cases/<uuid:referral_id>/plan/versions/<int:number>")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def version(referral_id: UUID, number: int) -> str:
    """A version that was sent, and what it changed."""
    by = actor()
    referral = cases.case(referral_id, by)
    found = queries.sent_version(referral_id, number)
    observe_read("referral", referral_id, by)
    return render_case(
        "referrals/plans/version.html",
        referral,
        by,
        plan=found,
        changes=_changes(referral_id, found),
        outcomes=outcomes_of(referral_id, category_names(), dropped=True),
    )


def _changes(referral_id: UUID, found: Plan) -> Sequence[changes.Change]:
    earlier = [
        number
        for number, _sent in queries.versions_sent(referral_id)
        if number < found.plan.version
    ]
    if not earlier:
        return ()
    return changes.between(queries.sent_version(referral_id, earlier[0]), found)


@blueprint.route("/cases/<uuid:referral_id>/plan/comment", methods=["GET", "POST"])
@requires(ReferralPermission.SEE_CASE)
@sensitive
def comment(referral_id: UUID) -> str | Response:
    """Say something of the plan to the other side."""
    by = actor()
    referral = cases.case(referral_id, by)
    form, status = CommentForm(), 200
    if request.method == "POST" and form.validate():
        try:
            with write():
                check(by, ReferralPermission.SEE_CASE, cases.case(referral_id, by))
                once.use_up(form.once.data)
                actions.comment(referral_id, form.text.data, by)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.text))
            referral, status = cases.case(referral_id, by), 409
        else:
            flash(_("Your comment is sent. The other side has been told."), "success")
            return redirect(url_for("plans.show", referral_id=referral_id, _anchor="said"), 303)
    observe_read("referral", referral_id, by)
    page = render_case("referrals/plans/comment.html", referral, by, form=form)
    return make_response(page, status)


def by_outcome(plan: Plan, outcomes: Sequence[Travelled]) -> list[tuple[str, list[queries.Shown]]]:
    """The activities of a plan under the name of the outcome that each is for.

    An outcome no longer chosen stands there only where the plan says something of it.
    """
    found = [(each, plan.about(each.outcome_id)) for each in outcomes]
    return [
        (each.outcome, activities)
        for each, activities in found
        if activities or not each.is_dropped
    ]
