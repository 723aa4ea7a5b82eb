"""The sums beside a value: whole pence, and they add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.models import Lot
from lots.proportionality.arithmetic import (
    VAT_PERCENT,
    Worked,
    expected_starts,
    least_whole_life,
    most_whole_life,
    worked,
)
from lots.vocabulary import Route

pence = st.integers(min_value=1, max_value=100_000_000_000_00)
months = st.integers(min_value=1, max_value=120)


@given(pence, months, st.integers(min_value=0, max_value=120), st.sampled_from([0, 20]))
def test_the_whole_life_value_is_the_sum_of_what_is_shown(net, term, extension, vat):
    sums = Worked(net, term, extension, vat)
    assert sums.gross_pence == sums.net_pence + sums.extension_pence + sums.vat_pence
    assert sums.gross_pence >= net
    assert abs(sums.extension_pence * term - net * extension) * 2 <= term
    assert abs(sums.yearly_pence * term - net * 12) * 2 <= term


@given(pence, months)
def test_without_extension_and_tax_nothing_is_added(net, term):
    assert Worked(net, term, 0, 0).gross_pence == net


@pytest.mark.parametrize(
    ("net", "term", "extension", "vat", "gross", "yearly"),
    [
        (360_000_00, 36, 0, 20, 432_000_00, 120_000_00),
        (300_000_00, 36, 24, 20, 600_000_00, 100_000_00),
        (24_000_00, 12, 0, 0, 24_000_00, 24_000_00),
        (100_00, 36, 0, 20, 120_00, 33_33),
        (1, 120, 120, 20, 2, 0),
    ],
)
def test_worked_examples(net, term, extension, vat, gross, yearly):
    sums = Worked(net, term, extension, vat)
    assert (sums.gross_pence, sums.yearly_pence) == (gross, yearly)


def test_nothing_is_worked_out_without_a_term():
    lot = Lot(route=Route.GRANT, extension_months=0)
    assert worked(lot, 100_00) is None
    assert expected_starts(Lot(starts_low=1, term_months=None)) is None
    assert expected_starts(Lot(starts_low=1, starts_high=2, term_months=10)) == 30
    assert expected_starts(Lot(starts_low=0, term_months=10)) is None


@given(
    pence,
    months,
    st.integers(min_value=0, max_value=120),
    st.sampled_from(Route),
)
def test_what_is_worked_out_always_lies_between_the_least_and_the_most(net, term, extension, route):
    lot = Lot(value_net_pence=net, term_months=term, extension_months=extension, route=route)
    least, most = least_whole_life(lot), most_whole_life(lot)
    # net × (term + extensions) ÷ term, to the nearest penny.
    assert abs(least * term - net * (term + extension)) * 2 <= term
    assert net <= least <= worked(lot, net).gross_pence <= most
    assert worked(lot, net).gross_pence == (most if VAT_PERCENT[route] else least)
