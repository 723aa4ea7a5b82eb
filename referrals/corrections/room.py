"""What this room adds to the application, and to every case."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.acting import Acting
from marketplace.lifecycle import lifecycles
from marketplace.permissions import allowed
from referrals.codes import ReferralState
from referrals.corrections import permissions, queries, views
from referrals.corrections.lifecycle import CORRECTION
from referrals.corrections.models import CorrectionState
from referrals.corrections.permissions import CorrectionPermission
from referrals.frame import CaseAction, CaseAlert, Milestone, case_frame
from referrals.models import Referral

# In these the work has begun, so there is something that may be wrong.
BEGUN = (
    ReferralState.ACTIVE,
    ReferralState.CONCLUDING,
    ReferralState.COMPLETED,
    ReferralState.ENDED_EARLY,
)


def alerts(referral: Referral, by: Acting) -> list[CaseAlert]:
    """Whoever reads the record must know that something in it is not so."""
    count = queries.standing(referral.id) if referral.state in BEGUN else 0
    if not count:
        return []
    text = ngettext(
        "%(num)s record of this case was made in error and has been put right.",
        "%(num)s records of this case were made in error and have been put right.",
        count,
    )
    return [CaseAlert(text, url_for("put_right.index", referral_id=referral.id))]


def offers(referral: Referral, by: Acting) -> list[CaseAction]:
    """Putting a record right, while that can be done."""
    if referral.state not in BEGUN or not queries.is_in_time(referral):
        return []
    if not allowed(by, CorrectionPermission.PUT_RIGHT, referral):
        return []
    href = url_for("put_right.index", referral_id=referral.id)
    return [CaseAction(_("Put a record right"), href, 95)]


def milestones(referral: Referral, by: Acting) -> list[Milestone]:
    """What was put right, with the words of whoever did it, and what was taken back."""
    if referral.state not in BEGUN:
        return []
    found, href = [], url_for("put_right.index", referral_id=referral.id)
    for each, name in queries.corrections_of(referral.id):
        text = _("%(name)s put a record right", name=name)
        found.append(Milestone(each.at, text, href, words=each.why))
        if each.state == CorrectionState.TAKEN_BACK and each.taken_back_at:
            text = _("What was put right counts again as it was recorded")
            found.append(Milestone(each.taken_back_at, text, href))
    return found


def register(app: Flask) -> None:
    """Add this room to the application."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    lifecycles(app).append(CORRECTION)
    frame = case_frame(app)
    frame.alerts.append(alerts)
    frame.actions.append(offers)
    frame.milestones.append(milestones)
