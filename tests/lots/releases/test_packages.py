"""Everything published at once: the field's validator and our own rules find nothing."""

from __future__ import annotations

from datetime import date

from lots.market.load import DAY_ONE, load_awards
from lots.market.queries import live_contracts
from lots.releases import queries
from lots.releases.packages import record_package, release_package
from lots.vocabulary import LotState, Route
from marketplace.database import db, write
from tests.support import ocds, ocds_rules
from tests.support.bids import decided_competition
from tests.support.competition import (
    answer,
    approved_lot,
    asked,
    clarified,
    corrected,
    materially_changed,
    officer_of,
)
from tests.support.lots import make_lot, make_open_lot

PREFIX = "ocds-dfmkt0"
DAY_ONE_POUNDS = 196074277


def everything():
    return queries.releases(0, size=10_000), queries.records(0, size=10_000)


def live_through_a_competition():
    """Every public step of lots: planned, opened, asked, changed, ended, decided."""
    make_lot(LotState.PLANNED)
    approved_lot()
    lot = make_open_lot()
    answer(asked(lot), officer_of(lot), "Yes: “both” may.")
    corrected(lot)
    clarified(lot)
    materially_changed(lot, values={"summary": "Support for women, and for their children."})
    make_lot(LotState.NO_AWARD)
    make_lot(LotState.CANCELLED)
    return lot, decided_competition(), decided_competition(route=Route.GRANT)


def test_neither_the_validator_nor_our_rules_find_anything(app):
    live_through_a_competition()
    releases, records = everything()
    assert not [each for record in records.items for each in ocds_rules.problems(record)]
    if db.engine.dialect.name != "sqlite":
        return  # what is published does not hang on the database, and the validator is slow
    assert not ocds.findings(release_package("/releases.json", releases.at, releases.items))
    assert not ocds.findings(record_package("/records.json", records.at, records.items))


def test_the_published_awards_are_in_it_and_add_up_to_the_market_report(app):
    with write():
        load_awards(DAY_ONE)
    releases, records = everything()
    found = [each for each in records.items if each["ocid"] != f"{PREFIX}-DF"]
    assert len(found) == 66
    contracts = [each["compiledRelease"]["contracts"][0] for each in found]
    assert sum(each["value"]["amount"] for each in contracts) == DAY_ONE_POUNDS
    day = date(2021, 7, 1)
    live = {each.line: each.value_pence for each in live_contracts(day)}
    assert sum(live.values()) == DAY_ONE_POUNDS * 100
    assert not [each for record in found for each in ocds_rules.problems(record)]
    first = min(releases.items[1:], key=lambda each: each["id"])
    assert (first["ocid"], first["id"]) == (f"{PREFIX}-D1-001", "D1-001-1")
    assert first["date"] == "2021-05-30T23:00:00.000Z"
    changed = [each for contract in contracts for each in contract.get("amendments", ())]
    assert any("No longer in: " in each["description"] for each in changed)
    with write():
        load_awards(DAY_ONE)
    assert queries.newest() == len(releases.items)
