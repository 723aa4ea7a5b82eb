"""Everything published at once: the field's validator and our own rules find nothing."""

from __future__ import annotations

from lots.releases import queries
from lots.releases.packages import record_package, release_package
from lots.vocabulary import LotState, Route
from marketplace.database import db
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
