"""What this room adds to the application and to the pages of a case."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _

from marketplace.acting import Acting
from referrals.codes import ReferralState
from referrals.ending import views
from referrals.frame import CaseAction, Milestone, case_frame
from referrals.lifecycle import COMPLETE, CONCLUDE, REFERRAL
from referrals.models import Referral


def can_end(referral: Referral, by: Acting) -> list[CaseAction]:
    """The provider finishes the sessions, and then writes the report."""
    steps = {step.name for step in REFERRAL.offers(referral, by)}
    if CONCLUDE.name in steps:
        href = url_for("ending.conclude", referral_id=referral.id)
        return [CaseAction(_("Finish the sessions"), href, 70, post=True)]
    if COMPLETE.name in steps:
        href = url_for("ending.report", referral_id=referral.id)
        return [CaseAction(_("Write the end of service report"), href, 10)]
    return []


def reported(referral: Referral, by: Acting) -> list[Milestone]:
    """The sessions were finished; the report was sent."""
    found = []
    if referral.concluding_at:
        found.append(Milestone(referral.concluding_at, _("The sessions were finished")))
    if referral.state == ReferralState.COMPLETED and referral.ended_at:
        href = url_for("ending.read", referral_id=referral.id)
        found.append(Milestone(referral.ended_at, _("The end of service report was sent"), href))
    return found


def register(app: Flask) -> None:
    """Add this room to the application."""
    app.register_blueprint(views.blueprint)
    case_frame(app).actions.append(can_end)
    case_frame(app).milestones.append(reported)
