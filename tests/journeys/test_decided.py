"""Twelve bidders, two lots, two funders: from the opened bids to an area that is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from lots.market.queries import market_report
from lots.releases import queries
from lots.releases.packages import record_package, release_package
from marketplace import audit, clock
from tests.journeys import examples
from tests.journeys.deciding_scene import PARTNERS, SECOND, WINNER, Scene
from tests.support import apps, ocds, ocds_rules
from tests.support.databases import NewDatabase
from tests.support.opendata import grant_problems, table


@pytest.fixture(scope="module")
def walked(new_database: NewDatabase, session_folder) -> Iterator[Scene]:
    """The journey, walked once for all that is asked of it."""
    app: Flask = apps.make_app(new_database("decided"), session_folder)
    with app.app_context():
        yield examples.walk(app)


def test_the_examples_in_the_documentation_are_what_the_journey_makes(walked):
    made = examples.documents(walked)
    kept = {
        path.name: path.read_text(encoding="utf-8")
        for path in examples.EXAMPLES.iterdir()
        if path.name != "README.md"
    }
    assert set(kept) == set(made)
    differ = [name for name in sorted(kept) if kept[name] != made[name]]
    assert not differ, f"run python -m tests.journeys.examples: {differ}"


def test_nothing_is_found_in_what_was_published_and_the_log_holds(walked):
    releases, records = queries.releases(0, 10_000), queries.records(0, 10_000)
    assert not ocds.findings(release_package("/releases.json", releases.at, releases.items))
    assert not ocds.findings(record_package("/records.json", records.at, records.items))
    assert not [each for record in records.items for each in ocds_rules.problems(record)]
    assert not grant_problems(walked.app.test_client().get("/open-data/360giving.json").json)
    assert audit.verify().holds


def test_the_report_the_records_and_the_tables_agree(walked):
    report = market_report(clock.today())
    compiled = [each["compiledRelease"] for each in queries.records(0, 10_000).items]
    live = [
        each
        for said in compiled
        for each in said.get("contracts", ())
        if each["status"] == "active" and each["period"]["endDate"] > said["date"]
    ]
    rows = table(walked.app.test_client().get("/open-data/awards.csv"))
    own = [row for row in rows if row["supplier"] in (WINNER, SECOND) and row["signed_on"]]
    assert len(live) == len(own) == report["awards"] == 2
    worth = sum(each["value"]["amount"] for each in live)
    assert worth == sum(float(row["value_gbp"]) for row in own) == report["value_gbp"]
    assert report["voluntary_value_share"] == 1
    assert report["supply_chain"] == {
        "partners": len(PARTNERS),
        "promised_gbp": 90_000,
        "paid_gbp": 1_600,
    }
    # Three counties, of which one has left, and Lincoln.
    assert report["contracts"] == 3
    assert (report["bids"]["competitions"], report["bids"]["bids"]) == (3, 17)
    assert sum(row["awarded"] for row in report["bids"]["by_size"].values()) == 3
