"""Two lots that together are more than their fund has left, published in the same moment: one."""

from __future__ import annotations

from functools import partial

import pytest

from lots.funding.books import books_of
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace.acting import Role
from marketplace.database import db
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.funding import budgets_from_now, make_fund, save
from tests.support.lots import make_lot, make_region
from tests.support.people import make_person

pytestmark = pytest.mark.race


def test_two_lots_do_not_both_take_what_is_left_of_a_fund(race: Race) -> None:
    region = make_region()
    # Each takes £120,000 in a whole year; there is room for one and a half.
    fund = make_fund(region, budgets_from_now(180_000_00))
    lots = [make_lot(LotState.DRAFT, buyer=region, title=f"Lot {n}") for n in range(4)]
    presses = []
    for lot in lots:
        save(lot, {}, fund.id)
        visitor = race.visitor(make_person(Role.DIRECTOR, region))
        action, values = visitor.form_at(f"/lots/{lot.id}/publish", "Publish and open for bids")
        presses.append(partial(visitor.post, action, values))

    answers = at_once(presses)

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    refused = [answer.text for answer in answers if answer.status_code == 409]
    assert all("than it has left" in text for text in refused)
    race.look_again()
    states = sorted(db.session.get_one(Lot, lot.id).state for lot in lots)
    assert states == [LotState.DRAFT] * 3 + [LotState.OPEN]
    years = books_of([fund.id])[fund.id].years()
    assert all(each.committed <= 180_000_00 for each in years)
