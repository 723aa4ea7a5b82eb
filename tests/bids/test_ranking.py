"""The ranking, as a rule that must hold whatever is put in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bids.evaluation.ranking import Rules, ScoredBid, rank
from lots.vocabulary import TieRule

CRITERIA = ("quality", "local", "lived")


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    weights = draw(st.fixed_dictionaries({name: st.integers(1, 33) for name in CRITERIA}))
    price_weight = 100 - sum(weights.values())
    return Rules(weights, price_weight, draw(st.sampled_from(TieRule)))


@st.composite
def bids(draw: st.DrawFn) -> list[ScoredBid]:
    scores = st.fixed_dictionaries({name: st.integers(0, 4) for name in CRITERIA})
    prices = st.integers(1, 10**9) | st.sampled_from([100, 200, 300])
    drawn = draw(st.lists(st.tuples(scores, prices, st.booleans()), min_size=1, max_size=8))
    return [ScoredBid(f"bid-{number}", *each) for number, each in enumerate(drawn)]


@given(bids(), rules(), st.randoms())
def test_the_order_of_the_input_never_matters(listed, published, random):
    shuffled = list(listed)
    random.shuffle(shuffled)
    assert rank(shuffled, published) == rank(listed, published)


@given(bids(), rules(), st.data())
def test_a_better_score_never_ranks_lower(listed, published, data):
    chosen = data.draw(st.integers(0, len(listed) - 1))
    criterion = data.draw(st.sampled_from(CRITERIA))
    before = listed[chosen]
    better = {**before.scores, criterion: data.draw(st.integers(before.scores[criterion], 4))}
    after = [*listed[:chosen], replace(before, scores=better), *listed[chosen + 1 :]]
    assert place(after, published, before.key) <= place(listed, published, before.key)


@given(bids(), rules(), st.data())
def test_a_lower_price_never_ranks_lower(listed, published, data):
    chosen = data.draw(st.integers(0, len(listed) - 1))
    before = listed[chosen]
    cheaper = replace(before, price_pence=data.draw(st.integers(1, before.price_pence)))
    after = [*listed[:chosen], cheaper, *listed[chosen + 1 :]]
    assert place(after, published, before.key) <= place(listed, published, before.key)


@given(bids(), rules(), st.data())
def test_a_limit_only_moves_its_own_bids_back_and_changes_no_points(listed, published, data):
    """Against the same bids without any limit."""
    unlimited = {each.key: each for each in rank([free(bid) for bid in listed], published)}
    ranked = rank(listed, published)
    for each in ranked:
        before = unlimited[each.key]
        assert (each.quality, each.price) == (before.quality, before.price)
        moved = each.place - before.place
        assert moved >= 0 if each.limited else moved <= 0
    # Those with a limit come last, and each group keeps its order.
    assert [each.limited for each in ranked] == sorted(each.limited for each in ranked)
    for group in (True, False):
        places = [unlimited[each.key].place for each in ranked if each.limited is group]
        assert places == sorted(places)
    # One limit more never moves that bid forward.
    chosen = data.draw(st.sampled_from(listed))
    more = [replace(each, limited=True) if each is chosen else each for each in listed]
    assert place(more, published, chosen.key) >= place(listed, published, chosen.key)


@given(bids(), rules())
def test_nothing_is_computed_in_floats(listed, published):
    for each in rank(listed, published):
        assert {type(each.quality), type(each.price), type(each.total)} == {Decimal}


def free(bid: ScoredBid) -> ScoredBid:
    """The same bid of an organisation that has won no limit."""
    return replace(bid, limited=False)


@given(bids(), rules())
def test_points_stay_within_the_published_weights(listed, published):
    for ranked in rank(listed, published):
        assert 0 <= ranked.quality <= sum(published.weights.values())
        assert 0 <= ranked.price <= published.price_weight
        assert ranked.total == ranked.quality + ranked.price
    assert rank(listed, published)[0].place == 1


def place(listed: list[ScoredBid], published: Rules, key: str) -> int:
    return next(each.place for each in rank(listed, published) if each.key == key)


def test_the_worked_example_of_the_guidance():
    published = Rules({"quality": 60}, 40, TieRule.HIGHER_QUALITY)
    first, second = rank(
        [ScoredBid("dear", {"quality": 4}, 300), ScoredBid("cheap", {"quality": 3}, 200)], published
    )
    assert (first.key, first.quality, first.price) == ("dear", Decimal(60), Decimal("26.67"))
    assert (second.key, second.quality, second.price) == ("cheap", Decimal(45), Decimal("40.00"))


@pytest.mark.parametrize(
    ("rule", "winner"), [(TieRule.HIGHER_QUALITY, "dear"), (TieRule.LOWER_PRICE, "cheap")]
)
def test_equal_totals_follow_the_published_tie_rule(rule, winner):
    published = Rules({"quality": 80}, 20, rule)
    tie = [ScoredBid("dear", {"quality": 2}, 200), ScoredBid("cheap", {"quality": 1}, 100)]
    tied = rank([*tie[:1], replace(tie[1], scores={"quality": 2})], published)
    assert tied[0].key == "cheap"
    equal = Rules({"quality": 40}, 20, rule)
    ranked = rank(tie, equal)
    assert ranked[0].total == ranked[1].total
    assert ranked[0].key == winner


def test_bids_alike_in_everything_share_the_place():
    published = Rules({"quality": 60}, 40, TieRule.LOWER_PRICE)
    alike = [ScoredBid(key, {"quality": 3}, 500) for key in ("b", "a")]
    third = ScoredBid("c", {"quality": 1}, 900)
    places = [(each.key, each.place, each.tied) for each in rank([third, *alike], published)]
    assert places == [("a", 1, True), ("b", 1, True), ("c", 3, False)]


@pytest.mark.parametrize(
    "bid",
    [
        ScoredBid("free", {"quality": 3}, 0),
        ScoredBid("unscored", {}, 100),
        ScoredBid("off the scale", {"quality": 5}, 100),
    ],
)
def test_what_cannot_be_ranked_is_refused(bid):
    with pytest.raises(ValueError):
        rank([bid], Rules({"quality": 60}, 40, TieRule.LOWER_PRICE))
