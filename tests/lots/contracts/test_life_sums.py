"""The arithmetic of a contract's life: instalments, expected starts, reviews, bands."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lots.contracts.delivery.judging import Judged, Span, direction_of, expected_starts, review_due
from lots.contracts.delivery.vocabulary import Direction
from lots.contracts.grants.schedule import Due, less, schedule
from lots.contracts.renewal.radar import band_of, first_day_within
from lots.vocabulary import PaymentProfile
from marketplace.calendar import months_later

DAYS = st.dates(date(2025, 1, 1), date(2032, 12, 31))
MONTH = date(2027, 3, 1)


@given(
    value=st.integers(1, 10**10),
    months=st.integers(1, 120),
    profile=st.sampled_from(PaymentProfile),
    accepted_on=DAYS,
    starts_on=DAYS,
)
def test_a_schedule_pays_the_whole_value_to_the_penny(
    value, months, profile, accepted_on, starts_on
):
    dues = schedule(value, months, profile, accepted_on, starts_on)
    assert sum(due.pence for due in dues) == value
    assert all(due.pence > 0 and due.on >= accepted_on for due in dues)
    assert [due.on for due in dues] == sorted(due.on for due in dues)


def test_a_grant_is_paid_up_front_on_acceptance_or_by_its_profile():
    accepted, starts = date(2027, 3, 20), date(2027, 4, 1)
    assert schedule(100_001, 12, PaymentProfile.UP_FRONT, accepted, starts) == [
        Due(accepted, 100_001)
    ]
    quarters = schedule(100_001, 7, PaymentProfile.QUARTERLY_IN_ADVANCE, accepted, starts)
    assert quarters == [
        Due(accepted, 42_858),
        Due(date(2027, 7, 1), 42_857),
        Due(date(2027, 10, 1), 14_286),
    ]
    after = schedule(200, 2, PaymentProfile.MONTHLY_IN_ARREARS, accepted, starts)
    assert [due.on for due in after] == [date(2027, 5, 1), date(2027, 6, 1)]


@given(planned=st.lists(st.integers(1, 10**9), max_size=12), off=st.integers(0, 10**10))
def test_a_lower_value_takes_from_the_last_instalments_and_loses_no_penny(planned, off):
    amounts = less(planned, off)
    assert sum(amounts) == max(sum(planned) - off, 0)
    assert all(0 <= now <= then for now, then in zip(amounts, planned, strict=True))
    touched = [now < then for now, then in zip(amounts, planned, strict=True)]
    assert touched == sorted(touched), "the last go first"


@given(a_month=st.integers(1, 500), places=st.lists(st.integers(1, 90), min_size=1, max_size=5))
def test_whole_months_expect_what_the_lot_says_and_days_outside_nothing(a_month, places):
    around = [Span(date(2026, 1, 1), date(2029, 1, 1), each) for each in places]
    gone = [Span(date(2026, 1, 1), date(2027, 2, 28), each) for each in places]
    assert expected_starts(a_month, sum(places), around, MONTH) == a_month
    assert expected_starts(a_month, sum(places), gone, MONTH) == 0
    assert expected_starts(a_month, sum(places), [*around, *around], MONTH) == 2 * a_month


def test_half_a_month_expects_half():
    half = [Span(date(2027, 6, 16), date(2030, 1, 1), 10)]
    assert expected_starts(9, 10, half, date(2027, 6, 1)) == 5  # 4.5, half up


def judged(number: int, starts: int, expected: int | None = 10, is_whole: bool = True) -> Judged:
    return Judged(months_later(MONTH, number), expected, starts, is_whole)


def test_twenty_percent_is_not_beyond_and_more_is():
    assert [direction_of(judged(0, starts)) for starts in (7, 8, 10, 12, 13)] == [
        Direction.UNDER,
        None,
        None,
        None,
        Direction.OVER,
    ]
    assert direction_of(judged(0, 0, expected=None)) is None
    assert direction_of(judged(0, 0, is_whole=False)) is None


def test_a_review_needs_two_months_running_on_the_same_side():
    assert review_due([judged(0, 2), judged(1, 3)]) == (Direction.UNDER, months_later(MONTH, 1))
    assert review_due([judged(0, 2), judged(1, 20)]) is None
    assert review_due([judged(0, 2), judged(1, 10), judged(2, 2)]) is None
    assert review_due([judged(0, 2), judged(2, 2)]) is None


@given(ends_on=DAYS, ahead=st.integers(0, 900))
def test_the_band_is_the_innermost_and_never_falls_back_as_days_pass(ends_on, ahead):
    today = ends_on - timedelta(days=ahead)
    bands = [band_of(ends_on, today + timedelta(days=each)) for each in range(0, ahead + 1, 30)]
    numbers = [band or 99 for band in bands]
    assert numbers == sorted(numbers, reverse=True)
    for months in (18, 12, 9):
        first = first_day_within(ends_on, months, ends_on - timedelta(days=1000))
        assert ends_on < months_later(first, months)
        assert not ends_on < months_later(first - timedelta(days=1), months)
