"""A claim equals the sum recomputed from delivery, whatever comes late, is corrected or withdrawn.

The properties work on the pure reckoning; `test_claims.py` has the same through the database.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import count
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from lots.contracts.claims.models import LineKind
from lots.contracts.claims.reckoning import (
    QUARTER,
    Claimed,
    Delivered,
    Line,
    carried_lines,
    delivery_lines,
    early_lines,
    guarantee_line,
    guaranteed_by,
)
from marketplace.calendar import months_later

AREAS = (UUID(int=1), UUID(int=2))
FIRST = date(2027, 4, 1)
PRICES = {"low": 10_000, "medium": 15_050, "high": 30_001, "": 20_000}


def price(each, number):
    """Medium prices, outcomes of one kind only, and a tenth less from the sixth start on."""
    if each.kind == LineKind.OUTCOME:
        return {"job": 40_000}.get(each.outcome_code)
    return PRICES[each.complexity] * (9 if number > 5 else 10) // 10


def flat(each, number):
    return price(each, 1)


def year_of(month):
    return FIRST if month < months_later(FIRST, 12) else months_later(FIRST, 12)


records = st.builds(
    Delivered,
    st.just(LineKind.START),
    st.sampled_from(AREAS),
    st.integers(0, 25).map("KT{:04}AC".format),
    st.integers(0, 150).map(lambda day: FIRST + timedelta(days=day)),
    st.sampled_from(sorted(PRICES)),
) | st.builds(
    Delivered,
    st.just(LineKind.OUTCOME),
    st.sampled_from(AREAS),
    st.integers(0, 25).map("KT{:04}AC".format),
    st.integers(0, 150).map(lambda day: FIRST + timedelta(days=day)),
    st.just(""),
    st.sampled_from(["job", "rent"]),
)
# What the record says at each month's close: things appear, change and vanish as they like.
histories = st.lists(
    st.lists(records, max_size=20, unique_by=lambda each: each.key), min_size=1, max_size=6
)


def close(claimed, delivered, of=price):
    """One month's close over what is claimed so far: its lines, and what is claimed then."""
    lines = delivery_lines(delivered, list(claimed.values()), of, year_of)
    for line in lines:
        for item in line.items:
            if item.was is not None:
                del claimed[item.was]
                continue
            new = Claimed(
                uuid4(),
                line.kind,
                line.contract_area_id,
                item.reference,
                line.month,
                line.complexity,
                line.outcome_code,
                line.unit_pence,
                item.number,
            )
            claimed[new.id] = new
    return lines


@given(histories)
def test_all_claims_together_are_the_sum_of_what_the_record_says_at_last(history):
    claimed, total = {}, 0
    for delivered in history:
        lines = close(claimed, delivered, flat)
        assert all(abs(line.quantity) == len(line.items) for line in lines)
        total += sum(line.amount for line in lines)
    assert total == sum(flat(each, 1) or 0 for each in history[-1])
    held = Counter(each.key for each in claimed.values())
    assert all(times == 1 for times in held.values())


@given(st.lists(records, max_size=20, unique_by=lambda each: each.key))
def test_a_month_closed_twice_changes_nothing(delivered):
    claimed = {}
    close(claimed, delivered)
    before = dict(claimed)
    assert close(claimed, delivered) == []
    assert claimed == before


@given(histories)
def test_what_is_taken_back_is_what_was_claimed_and_comes_before_what_is_new(history):
    claimed, total = {}, 0
    for delivered in history:
        lines = close(claimed, delivered)
        total += sum(line.amount for line in lines)
        signs = [line.quantity > 0 for line in lines]
        assert signs == sorted(signs)
        # Whatever the bands, the books hold just what the claims in force add up to.
        assert total == sum(each.unit_pence for each in claimed.values())


@given(st.integers(1, 14), st.integers(0, 4))
def test_bands_count_the_starts_of_the_contracts_year(in_year, next_year):
    days = [FIRST + timedelta(days=each) for each in range(in_year)]
    days += [months_later(FIRST, 12) + timedelta(days=each) for each in range(next_year)]
    numbers = count()
    delivered = [
        Delivered(LineKind.START, AREAS[0], f"KT{next(numbers):04}AC", day, "low") for day in days
    ]
    claimed: dict = {}
    lines = close(claimed, delivered[: in_year // 2]) + close(claimed, delivered)
    full = min(in_year, 5) + next_year
    assert sum(line.amount for line in lines) == full * 10_000 + max(in_year - 5, 0) * 9_000


def test_a_corrected_start_stays_which_start_of_the_year_it_was():
    delivered = [
        Delivered(LineKind.START, AREAS[0], f"KT{number:04}AC", FIRST, "low") for number in range(7)
    ]
    claimed: dict = {}
    close(claimed, delivered)
    corrected = [delivered[0]._replace(complexity="high"), *delivered[1:]]
    back, again = close(claimed, corrected)
    assert (back.quantity, back.unit_pence, back.month) == (-1, 10_000, FIRST)
    assert (again.quantity, again.unit_pence, again.complexity) == (1, 30_001, "high")


@given(
    guaranteed=st.integers(1, 10**8),
    months=st.lists(st.integers(0, 10**7), min_size=1, max_size=24),
)
def test_over_its_term_a_contract_earns_the_greater_of_delivery_and_minimum(guaranteed, months):
    term, earned, topped = len(months), 0, 0
    for over, pence in enumerate(months, 1):
        earned += pence
        if over % QUARTER == 0 or over == term:
            by_now = guaranteed_by(guaranteed, term, over)
            line = guarantee_line(FIRST, by_now, earned, topped)
            topped += line.amount if line else 0
            assert earned + topped >= by_now
    assert earned + topped == max(earned, guaranteed)


@given(st.lists(st.integers(-(10**6), 10**6), max_size=20))
def test_no_claim_is_less_than_nothing_and_none_of_it_is_lost(nets):
    carried, paid = 0, 0
    for net in nets:
        lines = carried_lines(FIRST, [Line(LineKind.GUARANTEED, FIRST, 1, net)], carried)
        total = net + sum(line.amount for line in lines)
        assert total >= 0
        carried += sum(line.amount for line in lines)
        paid += total
    assert carried >= 0
    assert paid - carried == sum(nets)


@given(
    st.lists(
        st.dictionaries(
            st.integers(0, 5).map(lambda number: months_later(FIRST, number)),
            st.tuples(st.integers(0, 1), st.integers(0, 10**6)),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_fees_in_advance_come_to_what_was_due_at_last_and_twice_changes_nothing(history):
    claimed: dict = {}
    for due in history:
        for line in early_lines(LineKind.MONTHLY_FEE, due, claimed):
            claimed[line.month] = claimed.get(line.month, 0) + line.amount
        assert early_lines(LineKind.MONTHLY_FEE, due, claimed) == []
        assert all(claimed[month] == is_paid * fee for month, (is_paid, fee) in due.items())
