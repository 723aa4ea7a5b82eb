"""The pages on which a provider's service manager describes its services."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.database import write
from marketplace.overtaken import Overtaken
from marketplace.permissions import requires
from marketplace.web.acting import actor
from referrals.services import profiles
from referrals.services.forms import ProfileForm, typed_of
from referrals.services.permissions import ServicePermission
from referrals.services.traits import ACCESS, ATTRIBUTES, WAYS

blueprint = Blueprint("service_profiles", "referrals", template_folder="templates")


@blueprint.get("/our-services")
@requires(ServicePermission.DESCRIBE)
def index() -> str:
    """The services the organisation delivers, and which are not described yet."""
    return render_template(
        "referrals/services/own.html", listings=profiles.own_services(actor()), most=profiles.MOST
    )


@blueprint.route("/our-services/<uuid:contract_area_id>", methods=["GET", "POST"])
@requires(ServicePermission.DESCRIBE)
def edit(contract_area_id: UUID) -> str | Response:
    """Describe one service in its area."""
    by = actor()
    profiles.check_own(contract_area_id, by)
    stands = profiles.said_of(profiles.profile_of(contract_area_id))
    form = ProfileForm(data=typed_of(stands) | {"was": profiles.seen(stands)})
    status, theirs = 200, None
    if request.method == "POST" and form.validate():
        try:
            with write():
                profiles.describe(contract_area_id, form.said(), form.was.data, by)
        except Overtaken as overtaken:
            form.form_errors.append(str(overtaken.text))
            status, theirs = 409, profiles.own_service(contract_area_id)
            form.was.data = profiles.seen(profiles.said_of(theirs.profile))
        else:
            flash(_("The description is saved. The directory shows it now."), "success")
            return redirect(url_for("service_profiles.index"), 303)
    page = render_template(
        "referrals/services/edit.html",
        form=form,
        listing=theirs or profiles.own_service(contract_area_id),
        theirs=theirs,
        attributes=ATTRIBUTES,
        access=ACCESS,
        ways=WAYS,
    )
    return make_response(page, status)
