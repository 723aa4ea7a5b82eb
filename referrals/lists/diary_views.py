"""The page of the diary."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.acting import Role
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals.lists.diary import DAYS_AHEAD, MOST, diary
from referrals.permissions import ReferralPermission

blueprint = Blueprint("diary", "referrals", template_folder="templates")


@blueprint.get("/my-sessions")
@requires(ReferralPermission.INCOMING)
@sensitive
def index() -> str:
    """What is to be recorded, and what is arranged for today and the days after it."""
    by = actor()
    return render_template(
        "referrals/lists/diary.html",
        diary=diary(by),
        everybody=by.has(Role.SERVICE_MANAGER),
        days=DAYS_AHEAD,
        most=MOST,
    )
