"""What this room adds to the product."""

from __future__ import annotations

from datetime import datetime

from flask import Flask, url_for
from flask_babel import format_datetime
from flask_babel import gettext as _

from marketplace import jobs, outbox
from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.codes import IN_DELIVERY
from referrals.frame import CaseAction, case_frame
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.reminders import sending, views


def shown_appointment(moment: str) -> str:
    """Monday 4 May, 10:00: London's time, in the language of the message."""
    return format_datetime(datetime.fromisoformat(moment), "EEEE d MMMM, HH:mm")


def actions(referral: Referral, by: Acting) -> list[CaseAction]:
    """Setting up reminders, where the case is being delivered."""
    if referral.state not in IN_DELIVERY:
        return []
    if not allowed(by, ReferralPermission.DELIVER, referral):
        return []
    address = url_for("reminders.show", referral_id=referral.id)
    return [CaseAction(_("Reminders to the person"), address, 70)]


def register(app: Flask) -> None:
    """Pages, the job that reminds, and the question before each message."""
    app.register_blueprint(views.blueprint)
    app.jinja_env.filters["appointment"] = shown_appointment
    case_frame(app).actions.append(actions)
    jobs.register(app, "remind people of sessions", sending.remind, sending.next_reminder)
    for template in sending.every_template():
        outbox.still_wanted(app, template, sending.still_wanted)
