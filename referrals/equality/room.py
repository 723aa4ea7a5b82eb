"""What this room adds to the application, and to every case."""

from __future__ import annotations

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import jobs
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import NavigationEntry, navigation
from referrals.equality import counting, permissions, views
from referrals.equality.permissions import EqualityPermission
from referrals.frame import CaseAction, case_frame
from referrals.models import Referral


def offers(referral: Referral, by: Acting) -> list[CaseAction]:
    """Asking, last among what can be done."""
    if not allowed(by, EqualityPermission.ASK, referral):
        return []
    href = url_for("equality.ask", referral_id=referral.id)
    return [CaseAction(_("Equality monitoring"), href, 99)]


def register(app: Flask) -> None:
    """Permissions, pages, the job that counts, and the link to the figures."""
    permissions.register(app)
    app.register_blueprint(views.blueprint)
    case_frame(app).actions.append(offers)
    jobs.register(app, "count equality figures", counting.count, counting.next_count)
    navigation(app).append(
        NavigationEntry(_l("Equality"), "equality.index", EqualityPermission.SEE_FIGURES, 60)
    )
