"""The lines of an approved claim, and the cases behind them, stay as they are on both databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from lots.contracts.claims import actions
from lots.contracts.claims.computing import compute
from lots.contracts.claims.models import ClaimedCase
from marketplace.database import db, write
from tests.support.claims import live_since_march, starts

MARCH, APRIL = date(2027, 3, 1), date(2027, 4, 1)
# Each would change what an approved claim says; the line's own columns copied where one is added.
WAYS = [
    "UPDATE claim_line SET quantity = 9, amount_pence = 9 * unit_pence",
    "DELETE FROM claimed_case",
    "UPDATE claimed_case SET reference = 'ZZ9'",
    "UPDATE claimed_case SET taken_back_id = line_id",
    "INSERT INTO claim_line (id, claim_id, position, kind, month, complexity, outcome_code, "
    "quantity, unit_pence, amount_pence) SELECT '{other}', claim_id, 7, kind, month, complexity, "
    "outcome_code, 1, 100, 100 FROM claim_line",
    "INSERT INTO claimed_case (id, contract_id, line_id, kind, reference, outcome_code, number) "
    "SELECT '{other}', contract_id, line_id, kind, 'ZZ9', outcome_code, 7 FROM claimed_case",
]
REPLACES = [
    "INSERT OR REPLACE INTO claim_line SELECT id, claim_id, 5, contract_area_id, kind, month, "
    "complexity, outcome_code, quantity, unit_pence, amount_pence FROM claim_line",
    "INSERT OR REPLACE INTO claimed_case SELECT '{other}', contract_id, line_id, kind, reference, "
    "outcome_code, number, taken_back_id FROM claimed_case",
]
OTHER = "00000000000000000000000000000001"


def test_an_approved_claim_keeps_its_lines_and_cases_until_a_later_one_takes_them_back(
    sides, delivered
):
    contract = live_since_march(sides)
    delivered[:] = starts(contract.areas[0].id, date(2027, 3, 12), ["AA1"])
    with write():
        claim_id = compute(contract.id, MARCH).id
    with write():
        db.session.execute(text(WAYS[2].replace("ZZ9", "AA2")))  # it is not approved yet
    with write():
        db.session.execute(text(WAYS[2].replace("ZZ9", "AA1")))
        actions.approve(claim_id, sides.contract_manager)
    on_sqlite = db.engine.dialect.name == "sqlite"
    for way in (*WAYS, *(REPLACES if on_sqlite else [])):
        with pytest.raises(IntegrityError, match="stays|already"), write():
            db.session.execute(text(way.format(other=OTHER)))
    if not on_sqlite:
        with pytest.raises(SQLAlchemyError, match="append-only"), write():
            db.session.execute(text("TRUNCATE claim_line CASCADE"))
    delivered[:] = []
    with write():
        compute(contract.id, APRIL)
    taken_back = db.session.scalars(select(ClaimedCase.taken_back_id)).one()
    assert taken_back is not None
    with pytest.raises(IntegrityError), write():
        db.session.execute(text("UPDATE claimed_case SET taken_back_id = NULL"))
