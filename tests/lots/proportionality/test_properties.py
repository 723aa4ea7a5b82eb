"""Windows, caps and overrides hold for every value, not only for the worked ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lots.models import LotOverride
from lots.proportionality.burden import Asked, reckoned
from lots.proportionality.findings import Finding, held_to, holds
from lots.vocabulary import Level, Route, Task
from marketplace import calendar
from marketplace.clock import LONDON
from tests.support.proportionality import shipped_policy

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
ROUTES = st.sampled_from(list(Route))
MONEY = st.integers(1, 2_000_000_00)
FIGURES = st.dictionaries(st.sampled_from(["over", "words", "iso 9001"]), st.integers(1, 20))


@given(opening=DAYS, length=st.integers(0, 120))
def test_a_window_is_counted_day_by_day(opening, length):
    policy, worked, counted = shipped_policy(), 0, 0
    for n in range(1, length + 1):
        day = opening + timedelta(days=n)
        if (day.month == 12 and day.day >= 20) or (day.month == 1 and day.day <= 5):
            continue
        counted += 1
        worked += calendar.is_working_day(day)
    assert policy.window(opening, opening + timedelta(days=length)) == (worked, counted)


@given(opening=DAYS, least=st.integers(1, 40), days=st.integers(0, 60))
def test_the_advice_is_never_blocked_and_never_a_day_too_late(opening, least, days):
    policy = shipped_policy()
    closing = policy.first_closing(opening, least, days)
    assert calendar.is_working_day(closing) and not policy.in_closed_season(closing)
    worked, counted = policy.window(opening, closing)
    assert worked >= least and counted >= days
    for n in range(1, (closing - opening).days):
        day = opening + timedelta(days=n)
        if calendar.is_working_day(day) and not policy.in_closed_season(day):
            earlier = policy.window(opening, day)
            assert earlier[0] < least or earlier[1] < days


@given(day=DAYS)
def test_a_lot_closes_at_noon_in_london_on_both_sides_of_the_clock_change(day):
    there = calendar.closing_moment(day).astimezone(LONDON)
    assert (there.date(), there.hour, there.minute) == (day, 12, 0)


@given(first=st.tuples(st.integers(1, 12), st.integers(1, 28)), day=DAYS)
def test_a_closed_season_of_one_day_is_that_day(first, day):
    month, number = first
    policy = replace(
        shipped_policy(),
        season_from_month=month,
        season_from_day=number,
        season_to_month=month,
        season_to_day=number,
    )
    assert policy.in_closed_season(day) == ((day.month, day.day) == first)


@given(lower=MONEY, more=MONEY)
def test_for_a_contract_more_value_never_means_fewer_questions_or_words(lower, more):
    policy = shipped_policy()
    small = policy.cap_for(Route.CONTRACT, lower)
    large = policy.cap_for(Route.CONTRACT, lower + more)
    assert small.questions <= large.questions and small.words <= large.words


@given(route=ROUTES, gross=st.integers(0, 10**12))
def test_every_lot_has_a_cap(route, gross):
    assert shipped_policy().cap_for(route, gross).words > 0


def _finding(figures, level=Level.BLOCKS):
    found = Finding(Task.QUESTIONS, level, "Too many.", code="questions", figures=figures)
    held = held_to(found, shipped_policy())
    assert held is not None
    return replace(held, level=level)


def _override(figures, level=Level.BLOCKS, code="questions"):
    return LotOverride(rule_code=code, level=level, figures=figures, withdrawn_at=None)


@given(figures=FIGURES, given_for=FIGURES)
def test_an_override_holds_while_no_figure_is_worse(figures, given_for):
    worse = [name for name in figures if figures[name] > given_for.get(name, 0)]
    assert holds(_override(given_for), _finding(figures)) is not bool(worse)


@given(figures=FIGURES)
def test_an_override_is_of_one_rule_and_a_flag_s_does_not_cover_a_block(figures):
    assert holds(_override(figures), _finding(figures))
    assert not holds(_override(figures, code="words"), _finding(figures))
    assert not holds(_override(figures, Level.FLAGS), _finding(figures))
    assert holds(_override(figures, Level.FLAGS), _finding(figures, Level.FLAGS))


ASKED = st.builds(
    Asked, st.integers(0, 20), st.integers(0, 12_000), st.integers(0, 9), st.integers(0, 9)
)


@given(asked=ASKED, bidders=st.integers(1, 30), yearly=st.integers(1, 10**10))
def test_asking_more_never_makes_a_bid_shorter(asked, bidders, yearly):
    policy = shipped_policy()
    less = reckoned(asked, policy, bidders, yearly, [])
    more = reckoned(
        replace(asked, words=asked.words + 500, documents=asked.documents + 1),
        policy,
        bidders,
        yearly,
        [],
    )
    assert less.hours_each < more.hours_each and less.hours == less.hours_each * bidders
    assert less.cost_pence == less.hours * policy.hour_pence
    assert less.permille <= more.permille
