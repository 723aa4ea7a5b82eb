"""What the room of drafts adds to the product."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, url_for
from flask_babel import gettext as _

from marketplace.acting import Acting
from marketplace.permissions import allowed
from referrals.codes import EndReason, ReferralState
from referrals.drafts import expiring, flags, over, service_views, views
from referrals.frame import CaseAction, case_frame
from referrals.models import Referral
from referrals.permissions import ReferralPermission

POSITION = 30
SET_ASIDE = 90


def refer_again(referral: Referral, by: Acting) -> Sequence[CaseAction]:
    """A declined referral, or one that ended because the person moved, can go elsewhere."""
    elsewhere = referral.state == ReferralState.DECLINED or referral.end_reason in (
        EndReason.MOVED,
        EndReason.SERVICE_ENDED,
    )
    may = allowed(by, ReferralPermission.REFER) and allowed(by, ReferralPermission.END, referral)
    if not elsewhere or not may:
        return []
    href = url_for("draft_services.again", referral_id=referral.id)
    return [CaseAction(_("Refer to another service"), href, POSITION)]


def set_aside(referral: Referral, by: Acting) -> Sequence[CaseAction]:
    """A declined referral comes off the list of those to send elsewhere."""
    is_open = referral.state == ReferralState.DECLINED and referral.settled_at is None
    if not is_open or not allowed(by, ReferralPermission.END, referral):
        return []
    href = url_for("draft_services.nothing_more", referral_id=referral.id)
    return [CaseAction(_("Nothing more to do"), href, SET_ASIDE, post=True)]


def register(app: Flask) -> None:
    """Pages, jobs, filters, and what can be done with a case that ended."""
    app.register_blueprint(views.blueprint)
    app.register_blueprint(service_views.blueprint)
    expiring.register(app)
    flags.register(app)
    over.register(app)
    case_frame(app).actions.extend((refer_again, set_aside))
