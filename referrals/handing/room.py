"""What this room adds to the application, and to every case."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _

from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.codes import ReferralState
from referrals.frame import CaseAction, CaseAlert, case_frame
from referrals.handing import move_views, permissions, views
from referrals.handing.permissions import HandPermission
from referrals.models import Referral


def alerts(referral: Referral, by: Acting) -> list[CaseAlert]:
    """A case whose practitioner has left, for a colleague who can take it."""
    if referral.ended_at or not allowed(by, HandPermission.TAKE_OVER, referral):
        return []
    return [CaseAlert(_("The practitioner of this case has left. It needs somebody."))]


def offers(referral: Referral, by: Acting) -> list[CaseAction]:
    """Handing over, a deputy, or taking over what was left behind."""
    if referral.ended_at is not None:
        return []
    here: dict[str, Any] = {"referral_id": referral.id}
    found = []
    if allowed(by, HandPermission.TAKE_OVER, referral):
        found.append(CaseAction(_("Take over"), url_for("handing.take_over", **here), 8, post=True))
    if allowed(by, HandPermission.HAND_OVER, referral):
        found.append(CaseAction(_("Hand over"), url_for("handing.one", **here), 75))
        if referral.deputy_id is None:
            found.append(CaseAction(_("Choose a deputy"), url_for("handing.deputy", **here), 76))
        else:
            href = url_for("handing.remove_deputy", **here)
            found.append(CaseAction(_("Remove the deputy"), href, 76, post=True))
    moves = referral.state != ReferralState.CONCLUDING
    if moves and allowed(by, HandPermission.TRANSFER, referral):
        found.append(CaseAction(_("Move to another service"), url_for("moves.one", **here), 80))
        found.append(CaseAction(_("The person moves away"), url_for("moves.away", **here), 81))
    return found


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(move_views.blueprint)
    frame = case_frame(app)
    frame.alerts.append(alerts)
    frame.actions.append(offers)
