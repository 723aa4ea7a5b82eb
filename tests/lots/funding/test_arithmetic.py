"""No penny is lost or made when a sum is shared out or spread over financial years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.funding.arithmetic import months_by_year, split, spread, year_name
from marketplace.calendar import financial_year

pence = st.integers(0, 10**13)
days = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@given(total=pence, weights=st.lists(pence, min_size=1, max_size=20))
def test_the_parts_of_a_split_add_up_and_are_within_a_penny_of_their_share(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        if whole:
            assert abs(part * whole - total * weight) < whole


@given(total=pence, weights=st.lists(st.integers(1, 10**9), min_size=2, max_size=8))
def test_the_larger_weight_never_gets_less(total, weights):
    parts = split(total, weights)
    ranked = sorted(zip(weights, parts, strict=True))
    assert [part for _weight, part in ranked] == sorted(parts)


@given(total=pence, first=days, months=st.integers(1, 120))
def test_a_sum_spread_over_its_term_adds_up_and_leaves_no_year_out(total, first, months):
    spent = spread(total, first, months)
    assert sum(spent.values()) == total
    assert sum(months_by_year(first, months).values()) == months
    years = sorted(spent)
    assert years[0] == financial_year(first)
    assert years == list(range(years[0], years[-1] + 1))


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [0, 0], [100, 0]),
        (7, [3, 0, 4], [3, 0, 4]),
        (43_200_001, [25_000_000, 11_000_000], [30_000_001, 13_200_000]),
    ],
)
def test_a_split_by_hand(total, weights, parts):
    assert split(total, weights) == parts


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_nonsense_cannot_be_divided_by(weights):
    with pytest.raises(ValueError, match="nothing to divide by"):
        split(100, weights)


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026), (date(2027, 1, 1), 2026)],
)
def test_a_financial_year_starts_on_1_april(day, year):
    assert financial_year(day) == year


def test_a_grant_from_march_to_april_lies_in_two_years():
    assert spread(100_01, date(2026, 3, 20), 2) == {2025: 50_01, 2026: 50_00}
    assert year_name(2026) == "2026–27"
    assert year_name(2099) == "2099–00"
