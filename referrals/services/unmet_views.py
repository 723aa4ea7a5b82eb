"""The page of unmet need, for those who plan and buy services and for delivery units."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.areas.queries import area_names, region_choices
from marketplace.categories.queries import category_names, cohort_names
from marketplace.permissions import requires
from marketplace.web.acting import actor
from marketplace.web.fields import Form, SelectChoice, SelectField
from marketplace.web.pictures import Bar
from referrals.services.forms import label_of
from referrals.services.permissions import ServicePermission
from referrals.services.unmet import unmet

blueprint = Blueprint("unmet_need", "referrals", template_folder="templates")
EVERYWHERE = "all"


class WhereForm(Form):
    """Which region is meant."""

    class Meta(Form.Meta):
        csrf = False

    region = SelectField(_l("Region"))


@blueprint.get("/unmet-need")
@requires(ServicePermission.SEE_UNMET)
def index() -> str:
    """Searches of the directory that found nothing, by need, area and month."""
    form = WhereForm(request.args if "region" in request.args else None)
    regions = [SelectChoice(code, name) for code, name in region_choices()]
    form.region.choices = [SelectChoice(EVERYWHERE, _("England and Wales")), *regions]
    own = actor().region_code or EVERYWHERE
    if "region" not in request.args or not form.validate():
        form.region.data = own
    region = form.region.data
    found = unmet(None if region == EVERYWHERE else region)
    groups = cohort_names()
    return render_template(
        "referrals/services/unmet.html",
        form=form,
        found=found,
        bars=[Bar(format_date(day, "MMM y"), count) for day, count in found.months.items()],
        needs=category_names(),
        areas=area_names(),
        wanted=[(label_of(code, groups), count) for code, count in found.wanted],
    )
