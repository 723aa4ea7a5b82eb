"""The burden meter: worked examples, its correction by bidders' hours, and its words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lots.proportionality import burden
from lots.proportionality.burden import HOURS_SPENT, Asked, burden_of, in_words, reckoned
from lots.vocabulary import LotState
from marketplace.registry import measures
from tests.support.lots import make_lot
from tests.support.proportionality import shipped_policy

# 4 h reading, 6 h planning, 15 h writing, 1.5 h for two documents, half an hour for a demand.
SIX = Asked(questions=6, words=3_000, documents=2, demands=1)


def test_the_parts_add_up_and_the_cost_is_set_against_a_year(app):
    found = reckoned(SIX, shipped_policy(), 6, 120_000_00, [])
    assert [minutes for _what, minutes in found.parts] == [240, 360, 900, 90, 30]
    assert (found.hours_each, found.hours, found.cost_pence) == (27, 162, 4_050_00)
    assert found.permille == 34 and not found.too_long
    assert in_words(found) == (
        "About 27 hours for each bidder, about 6 bidders: 162 hours, about £4,100 at £25 an hour, "
        "3% of a year’s value."
    )


def test_without_a_value_the_share_is_left_out(app):
    found = reckoned(Asked(1, 100, 0, 0), shipped_policy(), 1, None, [])
    assert found.permille is None and "value" not in in_words(found)


def test_a_share_under_one_in_a_hundred_is_said_so(app):
    assert "under 1% of a year’s value" in in_words(
        reckoned(SIX, shipped_policy(), 1, 900_000_00, [])
    )


@pytest.mark.parametrize(
    ("told", "hours", "counted"),
    [
        ([], 27, 0),
        (["2", "2"], 27, 0),
        (["2", "2", "2"], 54, 3),
        (["0.5", "1", "4"], 27, 3),
        (["0.5", "1", "2", "40"], 41, 4),
    ],
)
def test_from_three_bids_on_the_median_corrects_the_estimate(app, told, hours, counted):
    ratios = [Decimal(each) for each in told]
    found = reckoned(SIX, shipped_policy(), 6, None, ratios)
    assert (found.hours_each, found.told) == (hours, counted)


def test_the_hours_come_from_the_bids_of_other_lots(app, monkeypatch):
    lot = make_lot(LotState.OPEN)
    estimated = burden_of(lot).hours_each
    minutes = sum(part for _what, part in burden_of(lot).parts)
    spent = [(lot.id, Decimal(minutes) * 2 / 60)] * 3
    monkeypatch.setitem(measures(), HOURS_SPENT, lambda: spent)
    burden.g.pop("hours_told")
    corrected = burden_of(lot)
    assert corrected.told == 3
    assert abs(corrected.hours_each - 2 * estimated) <= 1


def test_a_lot_says_how_many_bidders_it_expects(app):
    lot = make_lot(LotState.DRAFT)
    assert burden_of(lot).bidders == 6
    lot.expected_bidders = 3
    assert burden_of(lot).bidders == 3


def test_the_public_page_shows_the_meter_with_its_table(client):
    lot = make_lot(LotState.OPEN)
    page = client.show(f"/opportunities/{lot.id}")
    for words in ("How long a bid takes", "hours for each bidder", "Hours of one bid"):
        assert words in page.text
