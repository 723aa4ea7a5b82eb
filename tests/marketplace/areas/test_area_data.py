"""The geography: what is in force on a day, and in whose language."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import force_locale
from sqlalchemy import select

from marketplace.areas.actions import load_areas
from marketplace.areas.models import Area, ProbationOffice
from marketplace.areas.queries import (
    area_names,
    areas_on,
    delivery_units_on,
    region_names,
    regions_on,
)
from marketplace.database import db, write
from tests.support.statements import statements_sent

DAY = date(2026, 11, 22)


def offices():
    return db.session.scalars(select(ProbationOffice)).all()


def test_the_framework_has_12_regions_42_areas_and_108_delivery_units(app):
    assert len(regions_on(DAY)) == 12
    assert len(areas_on(DAY)) == 42
    assert len(delivery_units_on(DAY)) == 108
    assert len(offices()) == 324


def test_every_area_unit_and_office_lies_in_a_region(app):
    regions = set(region_names())
    for found in (areas_on(DAY), delivery_units_on(DAY), offices()):
        assert {each.region_code for each in found} == regions


def test_names_with_commas_are_whole(app):
    names = {unit.name for unit in delivery_units_on(DAY, "A")}
    assert "Redcar, Cleveland and Middlesbrough" in names


def test_a_reader_of_welsh_reads_welsh_names(app):
    with app.test_request_context(), force_locale("cy"):
        assert region_names()["D"] == "Cymru"
        assert {area.label for area in areas_on(DAY, "D")} == {
            "Gogledd Cymru",
            "De Cymru",
            "Gwent",
            "Dyfed-Powys",
        }


def test_loading_again_adds_nothing_and_keeps_what_was_changed(app):
    with write():
        db.session.query(Area).filter_by(code="kent").one().name = "Kent and Medway"
    with write():
        assert load_areas() == 0
    assert area_names()["kent"] == "Kent and Medway"


def test_an_area_that_moves_is_in_its_new_region_from_that_day_on(app):
    moved = date(2027, 4, 1)
    with write():
        old = db.session.query(Area).filter_by(code="wiltshire").one()
        old.valid_to = moved - timedelta(days=1)
        new = {"code": old.code, "name": old.name, "name_cy": old.name_cy}
        db.session.add(Area(**new, region_code="H", valid_from=moved))
    before, after = areas_on(moved - timedelta(days=1)), areas_on(moved)
    assert len(before) == len(after) == 42
    assert {area.region_code for area in before if area.code == "wiltshire"} == {"G"}
    assert {area.region_code for area in after if area.code == "wiltshire"} == {"H"}


def test_a_list_of_areas_is_one_statement(app):
    for ask in (lambda: areas_on(DAY), lambda: regions_on(DAY), area_names):
        with statements_sent() as sent:
            ask()
        assert len(sent) == 1
