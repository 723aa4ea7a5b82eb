"""The days of a standstill: eight working days in all, none of them in a pause."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bids.awards.standstill import Kind, count
from marketplace import calendar

DAY = timedelta(days=1)
FIRST = st.dates(date(2024, 1, 1), date(2031, 12, 31))


@st.composite
def pauses(draw, first):
    """Up to four pauses that begin while days are still to be counted; the last may be open."""
    found = []
    for number in range(draw(st.integers(0, 4))):
        begun = first + DAY * draw(st.integers(0, 25))
        ended = begun + DAY * draw(st.integers(0, 30))
        found.append((begun, None if number == 0 and draw(st.booleans()) else ended))
    return found


@given(st.data())
def test_never_fewer_than_eight_working_days_and_never_a_day_of_a_pause(data):
    first = data.draw(FIRST)
    paused = data.draw(pauses(first))
    found = count(first, 8, paused)
    counted = found.counted
    assert len(counted) + found.days_left == 8
    assert (found.ends_on is None) == (found.days_left > 0)
    for day in counted:
        assert calendar.is_working_day(day)
        assert not any(begun <= day <= (ended or date.max) for begun, ended in paused)
    if found.ends_on is not None:
        assert counted[-1] == found.ends_on
        between = [first + DAY * each for each in range((found.ends_on - first).days + 1)]
        left_out = set(between) - set(counted)
        assert all(
            not calendar.is_working_day(day)
            or any(begun <= day <= (ended or date.max) for begun, ended in paused)
            for day in left_out
        )


@given(st.data())
def test_a_pause_never_shortens_and_its_order_is_of_no_matter(data):
    first = data.draw(FIRST)
    paused = [each for each in data.draw(pauses(first)) if each[1] is not None]
    found = count(first, 8, paused)
    assert found == count(first, 8, paused[::-1]) == count(first, 8, [*paused, *paused])
    assert found.ends_on >= count(first, 8).ends_on == calendar.standstill_end(first)


def test_the_days_are_told_one_by_one_with_what_is_left_out():
    # Decided on Thursday 17 December 2026, challenged on the 21st, answered on the 22nd.
    found = count(date(2026, 12, 17), 8, [(date(2026, 12, 21), date(2026, 12, 22))])
    told = [(each.kind, each.first.day, each.last.day, each.number) for each in found.stretches]
    assert told[:7] == [
        (Kind.COUNTED, 17, 17, 1),
        (Kind.COUNTED, 18, 18, 2),
        (Kind.NOT_WORKING, 19, 20, None),
        (Kind.PAUSED, 21, 22, None),
        (Kind.COUNTED, 23, 23, 3),
        (Kind.COUNTED, 24, 24, 4),
        (Kind.NOT_WORKING, 25, 28, None),
    ]
    # New Year's Day, and 4 January as the bank holiday of Scotland, do not count.
    assert found.ends_on == date(2027, 1, 5)


def test_while_it_is_paused_there_is_no_end_and_the_days_left_are_known():
    found = count(date(2026, 11, 23), 8, [(date(2026, 11, 26), None)])
    assert (found.ends_on, found.days_left) == (None, 5)
    assert found.stretches[-1].kind is Kind.PAUSED
