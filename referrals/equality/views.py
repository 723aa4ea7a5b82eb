"""Asking on the page of a case, and the figures of a region."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.permissions import check, requires
from marketplace.web.acting import actor
from marketplace.web.headers import sensitive
from referrals import queries
from referrals.answering.steps import back_to
from referrals.equality import actions
from referrals.equality.figures import Figures, figures_of, regions_of
from referrals.equality.forms import EqualityForm
from referrals.equality.permissions import EqualityPermission
from referrals.frame import render_case
from referrals.services.models import FEWEST_PEOPLE

blueprint = Blueprint("equality", "referrals", template_folder="templates")


@blueprint.route("/cases/<uuid:referral_id>/equality", methods=["GET", "POST"])
@requires(EqualityPermission.ASK)
@sensitive
def ask(referral_id: UUID) -> str | Response:
    """Ask with consent; what was answered is never shown again."""
    by = actor()
    form = EqualityForm()
    if request.method == "POST" and form.validate():
        with write():
            actions.record(referral_id, form.said(), by)
        return back_to(referral_id, _("Thank you. The answers are kept apart from the case."))
    referral = queries.case(referral_id, by)
    check(by, EqualityPermission.ASK, referral)
    return render_case(
        "referrals/equality/ask.html",
        referral,
        by,
        form=form,
        is_recorded=actions.is_recorded(referral_id),
    )


@blueprint.post("/cases/<uuid:referral_id>/equality/forget")
@requires(EqualityPermission.ASK)
def forget(referral_id: UUID) -> Response:
    """Remove the answers."""
    with write():
        removed = actions.forget(referral_id, actor())
    done = _("The answers have been removed.") if removed else _("No answers were kept.")
    return back_to(referral_id, done)


@blueprint.get("/equality")
@requires(EqualityPermission.SEE_FIGURES)
def index() -> str:
    """Access, wait, decline and completion by group, for one region."""
    by = actor()
    regions = regions_of(by)
    asked = request.args.get("region", "")
    region = asked if asked in regions else next(iter(regions), None)
    figures = figures_of(region, by) if region else Figures(None, ())
    return render_template(
        "referrals/equality/index.html",
        regions=regions,
        region=region,
        figures=figures,
        fewest=FEWEST_PEOPLE,
    )
