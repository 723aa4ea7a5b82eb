"""The public pages of the directory; no account is needed."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.areas.queries import area_choices
from marketplace.categories.queries import needs
from marketplace.database import new_id
from marketplace.observations import observe_empty_search
from marketplace.paging import page_asked
from marketplace.permissions import allowed, public
from marketplace.web.acting import acting
from marketplace.web.fields import Form, SelectChoice, SelectField
from referrals.permissions import ReferralPermission
from referrals.services import directory

blueprint = Blueprint("services", "referrals", template_folder="templates")


class SearchForm(Form):
    """What the directory is asked for; both are optional."""

    class Meta(Form.Meta):
        csrf = False

    need = SelectField(_l("Need"))
    area = SelectField(_l("Police area"))


@blueprint.get("/services")
@public
def index() -> str:
    """Services that take referrals today, by need and area."""
    form = SearchForm(request.args)
    every_need = [SelectChoice(each.code, each.label) for each in needs()]
    form.need.choices = [SelectChoice("", _("Any need")), *every_need]
    areas = [SelectChoice(code, name) for code, name in area_choices()]
    form.area.choices = [SelectChoice("", _("All areas")), *areas]
    asked = form.validate()
    need, area = (form.need.data or None, form.area.data or None) if asked else (None, None)
    results = directory.search(directory.Directory(), need, area, page_asked())
    if not results.listings and results.number == 1 and (need or area):
        observe_empty_search(need, area)
    return render_template(
        "referrals/services/index.html", form=form, results=results, filtered=bool(need or area)
    )


@blueprint.get("/services/<uuid:contract_area_id>")
@public
def show(contract_area_id: UUID) -> str:
    """One service with its free places, and, for those who may, the way to refer to it."""
    listing = directory.listing(contract_area_id)
    today = listing.directory.today
    return render_template(
        "referrals/services/show.html",
        listing=listing,
        takes_referrals=listing.offer.takes_referrals(today),
        may_refer=allowed(acting(), ReferralPermission.REFER),
        once=new_id().hex,
    )
