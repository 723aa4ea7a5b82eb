"""Working days: what the law counts, and what the clocks of a service count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import calendar
from marketplace.calendar import ENGLAND_AND_WALES, LEGAL

days = st.dates(date(2021, 1, 1), date(2035, 12, 31))
counts = st.integers(1, 40)
calendars = st.sampled_from([LEGAL, ENGLAND_AND_WALES])


@pytest.mark.parametrize(
    "notice, last",
    [
        (date(2026, 7, 6), date(2026, 7, 16)),  # 13 July: Northern Ireland's substitute day
        (date(2026, 6, 11), date(2026, 6, 23)),  # 15 June: proclaimed in Scotland
        (date(2026, 11, 28), date(2026, 12, 10)),  # a Saturday; 30 November is Saint Andrew's Day
        (date(2026, 12, 21), date(2027, 1, 5)),  # 28 December and, in Scotland, 4 January
    ],
)
def test_standstill_ends_on_the_eighth_working_day_counting_the_notices_own(notice, last):
    assert calendar.standstill_end(notice) == last


def test_a_count_can_be_shown_day_by_day():
    shown = calendar.counted_days(date(2026, 6, 11), 8)
    june = [11, 12, 16, 17, 18, 19, 22, 23]
    assert shown == [date(2026, 6, day) for day in june]


def test_a_service_in_england_works_on_a_scottish_or_irish_holiday():
    for day in (date(2026, 6, 15), date(2026, 7, 13), date(2026, 11, 30), date(2026, 3, 17)):
        assert ENGLAND_AND_WALES.is_working_day(day)
        assert not LEGAL.is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 4, 3), date(2026, 12, 25), date(2026, 8, 31)])
def test_good_friday_christmas_and_english_bank_holidays_are_working_days_nowhere(day):
    assert not ENGLAND_AND_WALES.is_working_day(day)
    assert not LEGAL.is_working_day(day)


def test_days_before_a_closing_are_counted_backwards():
    assert calendar.add_working_days(date(2026, 6, 23), -7) == date(2026, 6, 11)


def test_a_lot_closes_at_noon_in_london_in_summer_and_winter():
    assert calendar.closing_moment(date(2026, 7, 6)) == datetime(2026, 7, 6, 11, tzinfo=UTC)
    assert calendar.closing_moment(date(2026, 12, 1)) == datetime(2026, 12, 1, 12, tzinfo=UTC)


@given(days)
def test_every_moment_of_a_london_day_belongs_to_it(day):
    just_before = calendar.end_of(day) - timedelta(microseconds=1)
    assert calendar.day_of(calendar.start_of(day)) == day
    assert calendar.day_of(just_before) == day
    assert calendar.end_of(day) == calendar.start_of(day + timedelta(days=1))


@given(days, counts, calendars)
def test_what_is_added_is_what_lies_between(day, number, which):
    end = calendar.add_working_days(day, number, which)
    assert which.is_working_day(end)
    assert calendar.working_days_between(day, end, which) == number


@given(days, counts, calendars)
def test_going_forward_and_back_returns_to_a_working_day(day, number, which):
    start = calendar.next_working_day(day, which)
    end = calendar.add_working_days(start, number, which)
    assert calendar.add_working_days(end, -number, which) == start


@given(days, counts)
def test_a_count_holds_consecutive_working_days_from_the_first(day, number):
    shown = calendar.counted_days(day, number)
    assert shown[0] == calendar.next_working_day(day)
    assert all(LEGAL.is_working_day(each) for each in shown)
    assert calendar.working_days_between(shown[0], shown[-1]) == number - 1


@given(days)
def test_the_legal_calendar_never_works_on_a_day_off_in_england_and_wales(day):
    assert ENGLAND_AND_WALES.is_working_day(day) or not LEGAL.is_working_day(day)


@given(days)
def test_a_quarter_begins_on_the_first_of_its_first_month(day):
    first = calendar.quarter_of(day)
    assert first.day == 1 and first.month in (1, 4, 7, 10)
    assert first <= day < calendar.months_later(first, 3)
