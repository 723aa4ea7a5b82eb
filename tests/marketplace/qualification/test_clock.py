"""The clock of a decision counts the working days it runs, and no day on which it is paused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.calendar import ENGLAND_AND_WALES
from marketplace.qualification.clocks import (
    months_after,
    resumed,
    working_days_after,
    working_days_left,
)

DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))
# (days until the pause begins, how long it lasts), each counted from where the last one ended.
PAUSES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 40)), max_size=4)


@given(DAYS, st.integers(1, 20), PAUSES)
def test_as_many_working_days_run_as_the_policy_says_whatever_the_pauses(start, number, pauses):
    due_on, day, paused = working_days_after(start, number), start, set()
    for wait, length in pauses:
        begins = day + timedelta(days=wait)
        if working_days_left(begins, due_on) < 1:
            break
        day = begins + timedelta(days=length)
        due_on = resumed(due_on, begins, day)
        paused |= {begins + timedelta(days=each) for each in range(1, length + 1)}
    ran = [
        each
        for each in (start + timedelta(days=n) for n in range(1, (due_on - start).days + 1))
        if ENGLAND_AND_WALES.is_working_day(each) and each not in paused
    ]
    assert len(ran) == number


@given(DAYS, st.integers(1, 20), st.integers(0, 15), st.integers(0, 40))
def test_a_pause_leaves_as_many_working_days_as_there_were(start, number, wait, length):
    due_on = working_days_after(start, number)
    begins = start + timedelta(days=wait)
    left = working_days_left(begins, due_on)
    ends = begins + timedelta(days=length)
    moved = resumed(due_on, begins, ends)
    if left > 0:
        assert working_days_left(ends, moved) == left
    assert moved >= due_on
    if left < 0:
        assert moved == due_on


@pytest.mark.parametrize(
    ("start", "number", "due_on"),
    [
        (date(2026, 7, 1), 10, date(2026, 7, 15)),
        # Christmas Day and the substitute for Boxing Day, a Saturday in 2026, are bank holidays.
        (date(2026, 12, 21), 10, date(2027, 1, 7)),
        # 12 July's holiday is Northern Ireland's alone: a day of work in England and Wales.
        (date(2026, 7, 10), 1, date(2026, 7, 13)),
    ],
)
def test_working_days_of_england_and_wales(start, number, due_on):
    assert working_days_after(start, number) == due_on


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 22), 12, date(2027, 11, 22)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_a_year_ends_on_the_same_day_or_the_months_last(day, months, later):
    assert months_after(day, months) == later
