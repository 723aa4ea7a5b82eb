"""Pence, read as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.money import format_pounds, parse_pounds

amounts = st.integers(0, 10**12)


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
