"""How a contract's areas are named on its pages and in its texts."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext

from lots.contracts.models import ContractArea
from lots.contracts.partners.models import ContractAreaPartner
from marketplace.areas.queries import area_name, region_name
from marketplace.categories.queries import cohort_name


def contract_area_name(area: ContractArea) -> str:
    """Where it is, or the whole of its region; and for whom, where it is for some."""
    where = (
        area_name(area.area_code)
        if area.area_code
        else _("the whole of %(region)s", region=region_name(area.region_code))
    )
    return f"{where}: {cohort_name(area.cohort)}" if area.cohort else where


def partner_area_places(part: ContractAreaPartner) -> str:
    """An area with the places that a partner holds ready there."""
    return ngettext(
        "%(where)s: %(num)s place",
        "%(where)s: %(num)s places",
        part.places,
        where=contract_area_name(part.area),
    )


def register(app: Flask) -> None:
    """Let templates and texts name areas: `{{ area|contract_area_name }}`."""
    app.add_template_filter(contract_area_name)
    app.add_template_filter(partner_area_places)
