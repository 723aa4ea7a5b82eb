"""Read the geography; each function is one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import g
from sqlalchemy import select

from marketplace import clock
from marketplace.areas.models import Area, DeliveryUnit, Prison, ProbationOffice, Region
from marketplace.database import db
from marketplace.effective import names_of


def regions_on(day: date) -> Sequence[Region]:
    """The regions in force on `day`, by name."""
    return _in_force(Region, day)


def areas_on(day: date, region_code: str | None = None) -> Sequence[Area]:
    """The PCC areas in force on `day`, by name; of one region where it is given."""
    return _in_force(Area, day, region_code)


def delivery_units_on(day: date, region_code: str | None = None) -> Sequence[DeliveryUnit]:
    """The probation delivery units in force on `day`, by name."""
    return _in_force(DeliveryUnit, day, region_code)


def offices_on(day: date, region_code: str | None = None) -> Sequence[ProbationOffice]:
    """The probation offices in force on `day`, by name; of one region where it is given."""
    return _in_force(ProbationOffice, day, region_code)


def office_names() -> dict[str, str]:
    """Every probation office's latest name in the reader's language, by code; once a request."""
    if "office_names" not in g:
        g.office_names = names_of(ProbationOffice)
    return g.office_names


def prisons_on(day: date) -> Sequence[Prison]:
    """The prisons in force on `day`, by name."""
    return _in_force(Prison, day)


def area_names() -> dict[str, str]:
    """Every PCC area's latest name in the reader's language, by code."""
    return names_of(Area)


def region_names() -> dict[str, str]:
    """Every region's latest name in the reader's language, by code."""
    return names_of(Region)


def area_name(code: str) -> str:
    """The PCC area's latest name in the reader's language; all are read once a request."""
    if "area_names" not in g:
        g.area_names = area_names()
    return g.area_names[code]


def region_name(code: str) -> str:
    """The region's latest name in the reader's language; all are read once a request."""
    if "region_names" not in g:
        g.region_names = region_names()
    return g.region_names[code]


def area_choices(region_code: str | None = None) -> list[tuple[str, str]]:
    """(code, name) of today's PCC areas, for a form."""
    return [(area.code, area.label) for area in areas_on(clock.today(), region_code)]


def region_choices() -> list[tuple[str, str]]:
    """(code, name) of today's regions, for a form."""
    return [(region.code, region.label) for region in regions_on(clock.today())]


def _in_force(model: Any, day: date, region_code: str | None = None) -> Sequence[Any]:
    statement = select(model).where(model.in_force(day)).order_by(model.name)
    if region_code is not None:
        statement = statement.where(model.region_code == region_code)
    return db.session.scalars(statement).all()
