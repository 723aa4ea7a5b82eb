"""The pages of delivery units: one's own, and for team managers who says they work in one."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.fields import SelectChoice
from referrals.permissions import ReferralPermission
from referrals.teams import actions as teams
from referrals.teams.actions import unit_names
from referrals.teams.forms import TeamForm

blueprint = Blueprint("teams", "referrals", template_folder="templates")


@blueprint.route("/my-cases/team", methods=["GET", "POST"])
@requires(ReferralPermission.MY_CASES)
def choose() -> str | Response:
    """Choose the delivery unit whose cases are shown besides one's own, once confirmed."""
    by = actor()
    member = teams.team_of(by)
    form = TeamForm(data={"delivery_unit": member.delivery_unit_code if member else None})
    units = [SelectChoice(code, name) for code, name in unit_names(by.region_code).items()]
    form.delivery_unit.choices = [SelectChoice("", _("Choose a delivery unit")), *units]
    if request.method == "POST" and form.validate():
        with write():
            confirmed = teams.choose(form.delivery_unit.data, by).confirmed_at is not None
        flash(
            _("Your team’s cases are now shown with your own.")
            if confirmed
            else _("A team manager of your region confirms this. Then you see the team’s cases."),
            "success",
        )
        return redirect(url_for("my_cases.index"), 303)
    back = url_for("my_cases.index")
    return render_template("referrals/form_page.html", form=form, button=_("Save"), back=back)


@blueprint.get("/my-cases/team/requests")
@requires(ReferralPermission.CONFIRM_TEAM)
def requests() -> str:
    """Who says they work in a delivery unit of this organisation."""
    return render_template(
        "referrals/teams/requests.html", requests=teams.requests(actor()), units=unit_names()
    )


@blueprint.post("/my-cases/team/requests/<uuid:member_id>/confirm")
@requires(ReferralPermission.CONFIRM_TEAM)
def confirm(member_id: UUID) -> Response:
    """Confirm that somebody works in the delivery unit shown."""
    with write():
        teams.confirm(member_id, request.form.get("delivery_unit", ""), actor())
    flash(_("Confirmed. They now see the cases of this delivery unit."), "success")
    return redirect(url_for("teams.requests"), 303)


@blueprint.post("/my-cases/team/requests/<uuid:member_id>/refuse")
@requires(ReferralPermission.CONFIRM_TEAM)
def refuse(member_id: UUID) -> Response:
    """Say that somebody does not work there."""
    with write():
        teams.refuse(member_id, actor())
    flash(_("They do not see the cases of this delivery unit."), "success")
    return redirect(url_for("teams.requests"), 303)
