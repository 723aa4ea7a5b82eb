"""The sums of a sheet: whole pence, nothing lost, nothing rounded in the bidder's favour."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bids.price.arithmetic import Costs, Line, Part, Sheet, costs_of, total

pence = st.integers(0, 10**14)
lines = st.lists(st.builds(Line, st.text(min_size=1, max_size=40), pence), max_size=15).map(tuple)
costs = st.builds(Costs, lines, lines, lines, st.text(max_size=200))
sheets = st.builds(
    Sheet,
    costs=costs,
    partners=lines,
    price_pence=st.none() | pence,
    times=st.none() | st.integers(1, 10_000),
    value_pence=st.none() | pence,
    low_percent=st.integers(1, 99),
)


@given(costs)
def test_what_is_kept_comes_back_word_for_word(given_costs):
    assert costs_of(given_costs.as_text()) == given_costs
    assert costs_of(None) == Costs()


@given(sheets)
def test_the_cost_is_the_sum_of_every_line_whatever_their_order(sheet):
    every = [line.pence for part in Part for line in sheet.costs.lines(part)]
    assert sheet.cost_pence == sum(every) + sum(line.pence for line in sheet.partners)
    turned = replace(
        sheet.costs,
        staff=sheet.costs.staff[::-1],
        other=sheet.costs.overheads,
        overheads=sheet.costs.other,
    )
    assert replace(sheet, costs=turned).cost_pence == sheet.cost_pence
    assert isinstance(sheet.cost_pence, int)


@given(sheets, st.builds(Line, st.just("One more"), pence))
def test_one_more_line_costs_just_that_much_more(sheet, line):
    more = replace(sheet.costs, staff=(*sheet.costs.staff, line))
    assert replace(sheet, costs=more).cost_pence == sheet.cost_pence + line.pence


@given(sheets)
def test_price_and_cost_make_the_difference(sheet):
    if sheet.price_pence is None:
        assert sheet.left_pence is None and not sheet.is_below_cost
        return
    assert sheet.cost_pence + (sheet.left_pence or 0) == sheet.price_pence
    assert sheet.is_below_cost == (sheet.price_pence < sheet.cost_pence)


@given(pence, st.integers(1, 10_000))
def test_the_price_for_one_is_the_least_that_covers_the_whole(amount, times):
    sheet = Sheet(Costs(), (), None, times, None, 20)
    each = sheet.for_each(amount)
    assert each is not None and each * times >= amount
    assert each == 0 or (each - 1) * times < amount
    assert replace(sheet, times=None).for_each(amount) is None


@given(st.integers(1, 10**14), st.integers(1, 99))
def test_low_begins_below_the_percentage_not_at_it(value, percent):
    at = -(-value * (100 - percent) // 100)  # the least whole pence not below it
    sheet = Sheet(Costs(), (), at, 1, value, percent)
    assert not sheet.is_low
    assert replace(sheet, price_pence=at - 1).is_low


def test_a_lot_without_a_value_calls_no_price_low_or_high():
    sheet = Sheet(Costs(), (), 1, 1, None, 20)
    assert not sheet.is_low and not sheet.is_above_value
    assert not replace(sheet, value_pence=0).is_low


@given(sheets)
def test_nothing_is_to_explain_once_it_is_explained(sheet):
    explained = replace(sheet, costs=replace(sheet.costs, explanation="Our rent is paid for us."))
    blank = replace(sheet, costs=replace(sheet.costs, explanation=" \n"))
    assert not explained.to_explain
    assert blank.to_explain == (sheet.is_low or sheet.is_below_cost)


def test_the_sum_of_no_lines_is_nothing():
    assert total(()) == 0
