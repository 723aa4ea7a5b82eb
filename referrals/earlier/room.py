"""What the room of earlier assessments adds to the product."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, url_for
from flask_babel import gettext as _

from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.codes import OPEN, ReferralState
from referrals.earlier import views
from referrals.earlier.queries import decision_of, offered_for
from referrals.frame import CaseAction, CaseAlert, case_frame
from referrals.models import Referral
from referrals.permissions import ReferralPermission

# Until the work begins the practitioner is asked; afterwards it can still be shared.
ASKED = (
    ReferralState.WAITING,
    ReferralState.SENT,
    ReferralState.QUERY,
    ReferralState.ACCEPTED,
)
POSITION = 80


def ask(referral: Referral, by: Acting) -> Sequence[CaseAlert]:
    """The practitioner is asked once, while an earlier assessment could spare the person one."""
    if referral.state not in ASKED or not allowed(by, ReferralPermission.END, referral):
        return []
    if decision_of(referral.id) is not None or not offered_for(referral, by):
        return []
    text = _("This person was assessed before. Decide whether the provider may read it.")
    return [CaseAlert(text, url_for("earlier.share", referral_id=referral.id))]


def read(referral: Referral, by: Acting) -> Sequence[CaseAction]:
    """Both sides can open what is shared."""
    decision = decision_of(referral.id) if referral.state in OPEN else None
    if decision is None or decision.assessment_id is None:
        return []
    href = url_for("earlier.show", referral_id=referral.id)
    return [CaseAction(_("Read the earlier assessment"), href, POSITION)]


def register(app: Flask) -> None:
    """Pages, the question to the practitioner, and the way to what is shared."""
    app.register_blueprint(views.blueprint)
    case_frame(app).alerts.append(ask)
    case_frame(app).actions.append(read)
