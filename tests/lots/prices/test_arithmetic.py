"""Whatever a lot says: prices that follow from one amount come to it, and never to more."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lots.models import Lot, LotOutcome
from lots.prices.arithmetic import (
    Price,
    due_months,
    instalments,
    parts_of,
    prices,
    starts_in,
    times,
    whole,
    worth,
)
from lots.prices.models import LotBand
from lots.vocabulary import Paid, PaymentProfile, PriceBasis

MONTHS = st.integers(1, 120)
PENCE = st.integers(0, 10**11)
STARTS = st.integers(0, 40)
IN_ADVANCE = st.sampled_from(
    [each for each in PaymentProfile if each is not PaymentProfile.MONTHLY_IN_ARREARS]
)


def lot_of(basis=PriceBasis.MIXED, months=36, starts=(3, 5, 2), **facts):
    """A lot, not stored, with what a draft holds until somebody says otherwise."""
    given_facts = {
        "price_basis": basis,
        "term_months": months,
        "payment_profile": PaymentProfile.MONTHLY_IN_ADVANCE,
        "expected_starts": sum(starts) * months,
        "index_points": 0,
        "index_after_months": 12,
    }
    given_facts |= dict.fromkeys(("factor_low", "factor_medium", "factor_high"), 100)
    parts = ("fee_percent", "start_percent", "outcome_percent", "instalment_percent")
    given_facts |= dict.fromkeys(parts, 0)
    numbers = dict(zip(("starts_low", "starts_medium", "starts_high"), starts, strict=True))
    return Lot(**given_facts | numbers | facts)


def mixture(draw):
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    ends = [*cuts, 100]
    sizes = [end - begin for begin, end in zip([0, *cuts], ends, strict=True)]
    names = ("fee_percent", "start_percent", "outcome_percent", "instalment_percent")
    factor = st.integers(1, 400)
    return lot_of(
        months=draw(MONTHS),
        starts=tuple(draw(st.tuples(STARTS, STARTS, STARTS))),
        payment_profile=draw(IN_ADVANCE),
        index_points=draw(st.integers(0, 2000)),
        index_after_months=draw(st.integers(1, 120)),
        factor_low=draw(factor),
        factor_high=draw(factor),
        outcomes=[
            LotOutcome(outcome_code="home", paid_number=draw(st.integers(1, 500)), factor=100),
            LotOutcome(
                outcome_code="job", paid_number=draw(st.none() | st.integers(1, 9)), factor=250
            ),
        ],
        bands=[LotBand(above=draw(st.integers(1, 600)), percent=draw(st.integers(0, 100)))],
        **dict(zip(names, sizes, strict=True)),
    )


MIXTURES = st.composite(mixture)()


def expected(lot, each):
    """How often a price is paid if everything comes as the lot expects; raises counted."""
    units = {
        Paid.FEE: times(lot_like(lot, PriceBasis.MONTHLY_FEE)),
        Paid.START: times(lot_like(lot, PriceBasis.PER_START)),
    }
    return units[each.paid]


def lot_like(lot, basis):
    names = (
        *("term_months", "index_points", "index_after_months", "factor_low", "factor_medium"),
        *("factor_high", "starts_low", "starts_medium", "starts_high", "expected_starts"),
    )
    like = Lot(price_basis=basis, **{name: getattr(lot, name) for name in names})
    like.bands = [LotBand(above=each.above, percent=each.percent) for each in lot.bands]
    return like


@given(MIXTURES, PENCE)
def test_the_prices_of_a_mixture_come_to_the_whole_price_and_never_to_more(lot, pence):
    assert whole(lot, pence) == pence
    found = prices(lot, pence)
    assert min((each.pence for each in found), default=0) >= 0
    parts = parts_of(lot)
    assert sum(parts.values()) == 100
    due = sum(each.pence for each in found if each.paid == Paid.INSTALMENT)
    assert abs(due - Fraction(pence * parts.get(Paid.INSTALMENT, 0), 100)) < 1
    for paid in (Paid.FEE, Paid.START):
        base = [e for e in found if e.paid == paid and not e.complexity and not e.above]
        part = Fraction(pence * parts.get(paid, 0), 100)
        for each in base:
            often = expected(lot, each)
            # Rounded down to the penny each: nothing above the part, and less than a penny each.
            assert part - often - 1 < each.pence * often < part + 1


@given(PENCE, MONTHS, IN_ADVANCE)
def test_instalments_lose_no_penny(pence, months, profile):
    due = due_months(profile, 0, months)
    assert sum(due.values()) == months
    assert sum(instalments(pence, due).values()) == pence
    assert max(due) < months


@given(st.integers(0, 10**9), MONTHS, st.tuples(STARTS, STARTS, STARTS))
def test_a_plain_price_is_paid_as_often_as_the_lot_says(pence, months, starts):
    by_month = lot_of(PriceBasis.MONTHLY_FEE, months, starts)
    assert whole(by_month, pence) == worth(by_month, pence) == pence * months
    assert prices(by_month, pence) == [Price(Paid.FEE, pence)]
    by_start = lot_of(PriceBasis.PER_START, months, starts)
    assert whole(by_start, pence) == (pence * sum(starts) * months if sum(starts) else None)
    assert prices(by_start, pence) == [Price(Paid.START, pence)]


def test_complexity_and_a_band_change_what_a_start_costs():
    lot = lot_of(
        PriceBasis.PER_START,
        months=12,
        starts=(5, 0, 5),
        factor_low=50,
        factor_high=150,
        bands=[LotBand(above=60, percent=80)],
    )
    # Ten a month of £100 on average, sixty at full price and sixty at 80%.
    assert whole(lot, 100_00) == 60 * 100_00 + 60 * 80_00
    assert starts_in(lot, 5) == 10 and starts_in(lot, 6) == 8
    found = {(each.complexity, each.above): each.pence for each in prices(lot, 100_00)}
    assert found == {
        ("", 0): 100_00,
        ("low", 0): 50_00,
        ("medium", 0): 100_00,
        ("high", 0): 150_00,
        ("", 60): 80_00,
        ("low", 60): 40_00,
        ("medium", 60): 80_00,
        ("high", 60): 120_00,
    }


def test_a_yearly_raise_is_part_of_the_whole_price():
    lot = lot_of(PriceBasis.MONTHLY_FEE, months=36, index_points=1_000)
    assert whole(lot, 100_00) == 12 * (100_00 + 110_00 + 121_00)
    later = lot_of(PriceBasis.MONTHLY_FEE, months=36, index_points=1_000, index_after_months=24)
    assert whole(later, 100_00) == 24 * 100_00 + 12 * 110_00


def test_outcomes_are_paid_by_their_weight():
    lot = lot_of(
        PriceBasis.PER_OUTCOME,
        outcomes=[
            LotOutcome(outcome_code="home", paid_number=10, factor=100),
            LotOutcome(outcome_code="job", paid_number=5, factor=200),
            LotOutcome(outcome_code="trust", paid_number=None, factor=100),
        ],
    )
    assert prices(lot, 2_000_00) == [
        Price(Paid.OUTCOME, 100_00, outcome_code="home"),
        Price(Paid.OUTCOME, 200_00, outcome_code="job"),
    ]


@pytest.mark.parametrize(
    ("profile", "due"),
    [
        (PaymentProfile.UP_FRONT, {0: 8}),
        (PaymentProfile.QUARTERLY_IN_ADVANCE, {0: 3, 3: 3, 6: 2}),
    ],
)
def test_instalments_are_due_when_the_profile_says(profile, due):
    assert due_months(profile, 0, 8) == due
