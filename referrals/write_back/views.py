"""The page of a case that says what the case-management system has been told."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from marketplace.database import db, write
from marketplace.observations import observe_read
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.case_system.interface import case_system
from referrals.frame import render_case
from referrals.permissions import ReferralPermission
from referrals.write_back.actions import tell_again
from referrals.write_back.models import WriteBack, WriteBackState

blueprint = Blueprint("write_back", "referrals", template_folder="templates")

MOST = 100


@blueprint.get("/cases/<uuid:referral_id>/other-systems")
@requires(ReferralPermission.SEE_CASE)
@sensitive
def show(referral_id: UUID) -> str:
    """What other systems know of the case; reading it is recorded."""
    by = actor()
    referral = queries.case(referral_id, by)
    observe_read("referral", referral_id, by)
    rows = _told(referral_id)
    return render_case(
        "referrals/write_back/show.html",
        referral,
        by,
        rows=rows,
        is_connected=case_system() is not None,
        may_repeat=allowed(by, ReferralPermission.END, referral)
        and any(each.state == WriteBackState.FAILED for each in rows),
    )


def _told(referral_id: UUID) -> Sequence[WriteBack]:
    return db.session.scalars(
        select(WriteBack)
        .where(WriteBack.referral_id == referral_id)
        .order_by(WriteBack.told_of.desc())
        .limit(MOST)
    ).all()


@blueprint.post("/cases/<uuid:referral_id>/other-systems/again")
@requires(ReferralPermission.END)
def again(referral_id: UUID) -> Response:
    """Try again what could not be delivered."""
    with write():
        tell_again(referral_id, actor())
    flash(_("It will be tried again within a minute."), "success")
    return redirect(url_for("write_back.show", referral_id=referral_id), 303)
