"""Pence: read as people type them, and split without losing one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.money import format_pounds, parse_pounds, split

amounts = st.integers(0, 10**12)
weights = st.lists(
    st.one_of(st.integers(0, 10**9), st.decimals(0, 10**6, places=4)), min_size=1, max_size=20
).filter(any)


@pytest.mark.parametrize(
    "typed, pence",
    [
        ("544992", 54499200),
        ("£1,234.56", 123456),
        ("1234.5", 123450),
        (" £ 0.07 ", 7),
        ("663,540", 66354000),
    ],
)
def test_pounds_are_read_as_people_type_them(typed, pence):
    assert parse_pounds(typed) == pence


@pytest.mark.parametrize("typed", ["", "-1", "1.234", "12,34", "1e3", "nan", "٣", "1.", "9" * 30])
def test_anything_else_is_refused(typed):
    with pytest.raises(ValueError):
        parse_pounds(typed)


@given(amounts)
def test_what_is_written_can_be_read_again(pence):
    assert parse_pounds(format_pounds(pence)) == pence


def test_what_is_owed_has_its_sign_in_front():
    assert format_pounds(-123450) == "-£1,234.50"


@given(amounts, weights)
def test_shares_sum_to_the_total_and_are_within_a_penny_of_exact(total, parts):
    shares = split(total, parts)
    whole = sum(map(Decimal, parts))
    assert sum(shares) == total
    for share, part in zip(shares, parts, strict=True):
        assert abs(share * whole - total * Decimal(part)) <= whole
        assert share >= 0


def test_left_over_pennies_go_to_the_largest_remainders_then_the_earliest():
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [Decimal("0.25"), Decimal("0.35"), Decimal("0.40")]) == [3, 3, 4]


@pytest.mark.parametrize("total, parts", [(-1, [1]), (1, [0, 0]), (1, []), (1, [2, -1])])
def test_a_split_that_makes_no_sense_is_refused(total, parts):
    with pytest.raises(ValueError):
        split(total, parts)
