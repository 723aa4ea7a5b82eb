"""Whatever is asked for: shares add up, terms hold their days, months count whole."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lots.contracts.changes import terms
from lots.contracts.models import Contract
from lots.vocabulary import PriceBasis
from marketplace.calendar import months_later

PENCE = st.integers(0, 10**12)
SHARES = st.dictionaries(st.uuids(), PENCE, min_size=1, max_size=8)


@given(SHARES, PENCE)
def test_shares_in_proportion_add_up_to_the_new_value(shares, value):
    found = terms.by_shares(shares, value)
    assert sum(found.values()) == value
    assert found.keys() == shares.keys() and min(found.values()) >= 0


@given(st.dates(date(2024, 1, 1), date(2040, 1, 1)), st.integers(0, 4000))
def test_a_term_in_months_covers_its_last_day_and_no_month_more(first, days):
    last = first + timedelta(days=days)
    months = terms.months_until(first, last)
    assert months_later(first, months) > last
    assert months == 1 or months_later(first, months - 1) <= last


@given(PENCE, st.integers(1, 120), st.integers(1, 120), st.integers(0, 10**9))
def test_the_value_moves_with_the_term_and_back(value, months, wanted, fee):
    monthly = Contract(
        value_pence=fee * months,
        value_term_months=months,
        price_basis=PriceBasis.MONTHLY_FEE,
        monthly_fee_pence=fee,
    )
    assert terms.value_for(monthly, wanted) == fee * wanted
    by_start = Contract(
        value_pence=value, value_term_months=months, price_basis=PriceBasis.PER_START
    )
    exact = value * wanted / months if months else 0
    assert terms.value_for(by_start, months) == value
    assert abs(terms.value_for(by_start, wanted) - exact) <= max(1, exact * 1e-12)
