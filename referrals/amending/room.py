"""What this room adds to the application, and to every case."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.amending import permissions, views
from referrals.amending.permissions import AmendPermission
from referrals.frame import CaseAction, CaseTab, case_frame
from referrals.models import Referral


def offers(referral: Referral, by: Acting) -> list[CaseAction]:
    """Changing what was sent, until the case has ended."""
    if referral.ended_at is not None or not allowed(by, AmendPermission.AMEND, referral):
        return []
    href = url_for("amending.index", referral_id=referral.id)
    return [CaseAction(_("Change the referral"), href, 60)]


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    frame = case_frame(app)
    frame.tabs.append(CaseTab(_l("Changes"), "amending.index", 60))
    frame.actions.append(offers)
