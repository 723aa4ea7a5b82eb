"""What this room adds to the product."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import events
from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.codes import IN_HAND
from referrals.delivery import calling_off, concerns, session_views, views
from referrals.frame import CaseAction, CaseTab, case_frame
from referrals.lifecycle import COMPLETE, END_EARLY, WITHDRAW
from referrals.models import Referral
from referrals.permissions import ReferralPermission


def actions(referral: Referral, by: Acting) -> list[CaseAction]:
    """Arranging a session, where that can be done now."""
    if referral.state not in IN_HAND:
        return []
    if not allowed(by, ReferralPermission.DELIVER, referral):
        return []
    address = url_for("sessions.arrange", referral_id=referral.id)
    return [CaseAction(_("Arrange a session"), address, 30)]


def register(app: Flask) -> None:
    """Pages, the tab of sessions, what is said of open concerns, and the end of a case."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(session_views.blueprint)
    case_frame(app).tabs.append(CaseTab(_l("Sessions"), "sessions.index", 30))
    case_frame(app).alerts.append(concerns.alerts)
    case_frame(app).actions.append(actions)
    # A case that is declined was never accepted: nothing is arranged in it.
    for step in (WITHDRAW, COMPLETE, END_EARLY):
        events.when(app, step, calling_off.case_ended)
