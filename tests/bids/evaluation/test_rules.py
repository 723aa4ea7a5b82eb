"""The evaluation's own rules hold for any panel, any bids, any order."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from bids.evaluation.models import APART
from bids.evaluation.rules import (
    LEAST_EVALUATORS,
    first_talked_about,
    in_order,
    next_after,
    spread_of,
    uncovered,
)
from bids.evaluation.vocabulary import GoesBy

ids = st.integers(1, 40).map(lambda number: UUID(int=number))
several = st.lists(ids, unique=True, min_size=1, max_size=8)
orders = st.sampled_from(GoesBy)
own_scores = st.lists(st.integers(0, 4), max_size=6)


@given(several, several, orders)
def test_both_orders_hold_every_answer_once_and_keep_together_what_they_go_by(bids, criteria, by):
    cells = in_order(bids, criteria, by)
    assert sorted(cells) == sorted((bid, criterion) for bid in bids for criterion in criteria)
    at = 0 if by is GoesBy.BID else 1
    changes = sum(one[at] != other[at] for one, other in zip(cells, cells[1:], strict=False))
    assert changes == len(bids if by is GoesBy.BID else criteria) - 1


@given(several, several, orders, st.data())
def test_going_from_next_to_next_comes_to_every_answer_wherever_one_begins(
    bids, criteria, by, data
):
    cells = in_order(bids, criteria, by)
    done = set(data.draw(st.lists(st.sampled_from(cells), unique=True)))
    left, here = set(cells) - done, data.draw(st.sampled_from(cells))
    left.discard(here)
    done.add(here)
    while (following := next_after(here, cells, done)) is not None:
        assert following in left
        left.remove(following)
        done.add(following)
        here = following
    assert not left


@given(several, st.lists(st.sets(ids, max_size=8), max_size=6))
def test_a_criterion_is_covered_exactly_where_two_seats_or_more_hold_it(criteria, seats):
    alone = uncovered(criteria, seats)
    for criterion in criteria:
        held = sum(criterion in seat for seat in seats)
        assert (criterion in alone) == (held < LEAST_EVALUATORS)
    # A further evaluator never takes a criterion's cover away.
    assert set(uncovered(criteria, [*seats, set(criteria)])) <= set(alone)


@given(own_scores, st.randoms())
def test_the_spread_knows_no_order_and_marks_what_lies_apart(scores, random):
    spread = spread_of(scores)
    shuffled = list(scores)
    random.shuffle(shuffled)
    assert spread_of(shuffled) == spread
    if spread is None:
        assert not scores
    else:
        differ = any(abs(one - other) >= APART for one in scores for other in scores)
        assert spread.apart == differ


@given(st.dictionaries(st.tuples(ids, ids), own_scores.filter(bool), max_size=12))
def test_what_differs_most_is_talked_about_first_and_nothing_is_lost(given_scores):
    spreads = {cell: spread_of(scores) for cell, scores in given_scores.items()}
    ordered = first_talked_about(given_scores, spreads)
    assert sorted(ordered) == sorted(given_scores)
    widths = [spreads[cell].highest - spreads[cell].lowest for cell in ordered]
    assert widths == sorted(widths, reverse=True)
