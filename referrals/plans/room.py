"""What this room adds to the application and to the pages of a case."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.acting import Acting
from marketplace.lifecycle import lifecycles
from marketplace.permissions import allowed
from referrals.codes import IN_DELIVERY, ReferralState
from referrals.frame import CaseAction, CaseAlert, CaseTab, Milestone, case_frame
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.plans import queries, views, writing
from referrals.plans.lifecycle import PLAN
from referrals.plans.rar import days_used


def days_are_used_up(referral: Referral, by: Acting) -> list[CaseAlert]:
    """The enforceable days of an open case have been used, so that no further one counts."""
    if referral.state not in IN_DELIVERY or not days_used(referral).is_reached:
        return []
    href = url_for("plans.show", referral_id=referral.id, _anchor="days")
    return [CaseAlert(_("All enforceable days of this person have been used."), href)]


def can_plan(referral: Referral, by: Acting) -> list[CaseAction]:
    """The provider writes the plan after the assessment, and reviews where the person stands."""
    delivers = allowed(by, ReferralPermission.DELIVER, referral)
    if referral.state != ReferralState.ACTIVE or not delivers:
        return []
    review = url_for("outcomes.review", referral_id=referral.id)
    reviewing = CaseAction(_("Review where the person stands"), review, 60)
    if queries.draft(referral.id):
        href = url_for("plan_writing.draft", referral_id=referral.id)
        return [CaseAction(_("Go on with the action plan"), href, 20), reviewing]
    if queries.current(referral.id):
        return [reviewing]
    href = url_for("plan_writing.begin", referral_id=referral.id)
    return [CaseAction(_("Write the action plan"), href, 20, post=True), reviewing]


def plans_sent(referral: Referral, by: Acting) -> list[Milestone]:
    """Each version of the plan, when it was sent."""
    return [
        Milestone(
            sent_at,
            _("Version %(number)s of the action plan was sent", number=number),
            url_for("plans.version", referral_id=referral.id, number=number),
        )
        for number, sent_at in queries.versions_sent(referral.id)
    ]


def register(app: Flask) -> None:
    """Add this room to the application."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(writing.blueprint)
    lifecycles(app).append(PLAN)
    app.jinja_env.globals.update(
        plan_by_outcome=views.by_outcome, plan_in_force=queries.current, rar_days_used=days_used
    )
    frame = case_frame(app)
    frame.tabs.append(CaseTab(_l("Plan and outcomes"), "plans.show", 30))
    frame.alerts.append(days_are_used_up)
    frame.actions.append(can_plan)
    frame.milestones.append(plans_sent)
