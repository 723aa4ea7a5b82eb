"""Organisations: the administrator's list, and a provider's own profile."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace import once
from marketplace.acting import ORGANISATION_KINDS, OrganisationKind
from marketplace.areas.queries import area_name
from marketplace.database import write
from marketplace.organisations import looking_up, queries
from marketplace.organisations.actions import NumberTaken, change_profile, create_organisation
from marketplace.organisations.forms import NewOrganisationForm, profile_form
from marketplace.organisations.models import INCOME_BANDS, LEGAL_FORMS
from marketplace.organisations.permissions import OrganisationPermission
from marketplace.organisations.registers import REGISTERS, split
from marketplace.permissions import allowed, requires
from marketplace.web.acting import actor

blueprint = Blueprint("organisations", __name__)

Answer = str | Response


@blueprint.get("/organisations")
@requires(OrganisationPermission.SEE_ALL)
def all() -> str:
    """Every organisation, with the way to its people."""
    asked = request.args.get("kind", "")
    kind = OrganisationKind(asked) if asked in set(OrganisationKind) else None
    return render_template(
        "marketplace/organisations/all.html",
        page=queries.organisations_page(kind),
        kinds=ORGANISATION_KINDS,
        kind=kind,
    )


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@requires(OrganisationPermission.CREATE)
def new() -> Answer:
    """Make an organisation; next, its first person is invited."""
    form = NewOrganisationForm()
    if form.validate_on_submit():
        with write():
            once.use_up(form.once.data)
            made = create_organisation(
                OrganisationKind(form.kind.data),
                actor(),
                name=form.name.data,
                region_code=form.region_code.data or None,
                area_code=form.area_code.data or None,
            )
        flash(_("The organisation is made. Now invite its first person."), "success")
        return redirect(url_for("people.invite", organisation_id=made.id), 303)
    return render_template("marketplace/organisations/new.html", form=form)


@blueprint.get("/organisation/profile")
@requires(OrganisationPermission.SEE_PROFILE)
def profile() -> str:
    """The profile of the provider acted for."""
    own = queries.organisation(actor().organisation_id)
    return render_template(
        "marketplace/organisations/profile.html",
        organisation=own,
        area_list=", ".join(sorted(area_name(each.area_code) for each in own.areas)),
        numbers=[(REGISTERS[register], number) for register, number in map(split, own.org_ids)],
        gaps=queries.profile_gaps(own),
        more=queries.worth_adding(own),
        may_change=allowed(actor(), OrganisationPermission.EDIT_PROFILE, own),
        legal_forms=LEGAL_FORMS,
        income_bands=INCOME_BANDS,
    )


@blueprint.route("/organisation/profile/change", methods=["GET", "POST"])
@requires(OrganisationPermission.EDIT_PROFILE)
def change() -> Answer:
    """Change the profile of the provider acted for."""
    by = actor()
    form = profile_form(queries.organisation(by.organisation_id))
    looked = looking_up.handle(form)
    if looked is None and form.validate_on_submit():
        try:
            with write():
                change_profile(by.organisation_id, form.profile(), form.areas.data or [], by)
        except NumberTaken as taken:
            form.say_taken(taken)
        else:
            flash(_("The profile is saved."), "success")
            return redirect(url_for("organisations.profile"), 303)
    return render_template(
        "marketplace/organisations/change.html",
        form=form,
        looked=looked,
        may_look_up=looking_up.offered(),
    )
