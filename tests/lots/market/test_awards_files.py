"""Loading awards: once, whole, or not at all with every bad line named."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from lots.contracts.models import Contract, ContractArea, ContractState
from lots.market.load import DAY_ONE
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace.database import db
from marketplace.organisations.models import Organisation


def _run(app, *arguments):
    return app.test_cli_runner().invoke(args=["load-awards", *map(str, arguments)])


def _count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_without_a_file_the_published_awards_are_loaded_and_only_once(app):
    first = _run(app)
    assert first.exit_code == 0, first.output
    assert "66 awards added" in first.output
    counted = [_count(model) for model in (Contract, ContractArea, Lot, Organisation)]
    # 26 providers and the 11 regions that bought; 110 contracts by the counting rule.
    assert counted == [66, 110, 66, 37]
    again = _run(app, DAY_ONE)
    assert "0 awards added" in again.output
    assert [_count(model) for model in (Contract, ContractArea, Lot, Organisation)] == counted


def test_a_line_becomes_a_contract_for_each_of_its_areas_and_cohorts(app, awards_file):
    assert _run(app, awards_file({"value_gbp": "1000.50"})).exit_code == 0
    contract = db.session.scalars(select(Contract)).one()
    lot = db.session.get(Lot, contract.lot_id)
    assert contract.value_pence == 100050
    assert (lot.state, lot.source) == (LotState.AWARDED, "published")
    assert lot.title == "Personal wellbeing: Gwent, North Wales"
    assert contract.state == ContractState.ENDED
    early, late = date(2022, 1, 31), date(2025, 3, 31)
    assert {(each.area_code, each.cohort, each.ends_on) for each in contract.areas} == {
        ("gwent", "18-25", early),
        ("gwent", "26+", early),
        ("north-wales", "18-25", late),
        ("north-wales", "26+", late),
    }
    provider = db.session.get(Organisation, contract.provider_id)
    assert (provider.name, provider.is_voluntary) == ("A Provider, Somewhere", True)


def test_without_areas_and_cohorts_a_line_covers_its_region_for_everybody(app, awards_file):
    _run(app, awards_file({"pcc_areas": "", "ends_early": "", "cohorts": ""}))
    area = db.session.scalars(select(ContractArea)).one()
    assert (area.region_code, area.area_code, area.cohort) == ("D", None, None)


@pytest.mark.parametrize(
    "column, value, expected",
    [
        ("award", "", "1 to 20 letters"),
        ("region_code", "Z", "expected one of: A, B"),
        ("service", "cooking", "expected one of: accommodation"),
        ("lead_provider", " ", "expected a name"),
        ("lead_provider_kind", "charity", "expected one of: company, vcse"),
        ("value_gbp", "-5", "an amount in pounds"),
        ("value_gbp", "1e6", "an amount in pounds"),
        ("pcc_areas", "gwent;mordor", "no PCC area mordor"),
        ("pcc_areas", "gwent;gwent;north-wales", "each code once"),
        ("pcc_areas", "gwent;kent", "areas of region D, not kent"),
        ("ends_early", "gwent", "area=YYYY-MM-DD"),
        ("ends_early", "gwent=2022-02-30", "a date that exists"),
        ("ends_early", "south-wales=2022-01-31", "only areas of pcc_areas"),
        ("ends_early", "gwent=2026-01-31", "from start_date to end_date"),
        ("start_date", "26/06/2021", "written YYYY-MM-DD"),
        ("end_date", "2021-06-25", "not before start_date"),
        ("subject_to_contract", "maybe", "expected one of: nothing, yes"),
        ("cohorts", "elves", "no cohort elves"),
        ("value_term_months", "0", "whole number of months"),
        ("value_kind", "guessed", "expected one of: awarded, predicted"),
    ],
)
def test_a_bad_value_is_named_with_its_line_and_column(app, awards_file, column, value, expected):
    answer = _run(app, awards_file({}, {"award": "X-2", column: value}))
    assert answer.exit_code == 1
    named = f"line 3, {column}: "
    assert any(
        line.startswith(named) and expected in line for line in answer.output.splitlines()
    ), answer.output
    assert _count(Contract) == _count(Organisation) == 0


def test_every_bad_line_is_named_at_once(app, awards_file):
    path = awards_file(
        {"value_kind": "x", "service": "y"},
        {"award": "X-2"},
        {"award": "X-2"},
        {"award": "X-4", "lead_provider_kind": "company"},
    )
    with path.open("a") as file:
        file.write("too,short\n")
    answer = _run(app, path)
    assert answer.exit_code == 1
    for place in (
        "line 2, value_kind",
        "line 2, service",
        "line 4, award: expected each award once; it stands in line 3 already",
        "line 5, lead_provider_kind",
        "line 6, whole line: expected 14 values",
    ):
        assert place in answer.output
    assert "5 problems" in answer.output
    assert _count(Contract) == 0


@pytest.mark.parametrize(
    "content, expected",
    [
        (b"", "line 1, award: expected this column"),
        (b"award,colour\n", "line 1, colour: not expected"),
        (b"\xff\xfe", "expected UTF-8"),
    ],
)
def test_what_is_no_awards_file_is_refused(app, tmp_path, content, expected):
    path = tmp_path / "other.csv"
    path.write_bytes(content)
    answer = _run(app, path)
    assert answer.exit_code == 1
    assert expected in answer.output


def test_a_heading_without_lines_is_refused(app, awards_file):
    answer = _run(app, awards_file())
    assert answer.exit_code == 1
    assert "at least one award line" in answer.output
