"""The page of a case that says what the case-management system has been told."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.observations import observe_read
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering.steps import back_to
from referrals.case_system.interface import case_system
from referrals.frame import render_case
from referrals.permissions import ReferralPermission
from referrals.write_back.actions import tell_again
from referrals.write_back.models import WriteBackState
from referrals.write_back.queries import records_of

blueprint = Blueprint("write_back", "referrals", template_folder="templates")


@blueprint.get("/cases/<uuid:referral_id>/other-systems")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def show(referral_id: UUID) -> str:
    """What other systems know of the case; reading it is recorded."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    rows = records_of(referral_id)
    return render_case(
        "referrals/write_back/show.html",
        referral,
        by,
        rows=rows,
        is_connected=case_system() is not None,
        may_repeat=allowed(by, ReferralPermission.END, referral)
        and any(each.state == WriteBackState.FAILED for each in rows),
    )


@blueprint.post("/cases/<uuid:referral_id>/other-systems/again")
@requires(ReferralPermission.END)
def again(referral_id: UUID) -> Response:
    """Try again what could not be delivered."""
    with write():
        tell_again(referral_id, actor())
    return back_to(referral_id, _("It will be tried again within a minute."), "write_back.show")
