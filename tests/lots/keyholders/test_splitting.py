"""Any two holders have the keys; one alone, or two codes of different lots, have nothing."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey

from lots.keyholders import codes, splitting
from lots.keyholders.models import KeyHolder
from marketplace.database import new_id


class Held:
    """Keys divided among so many people, each with a code."""

    def __init__(self, people: int):
        self.bids, self.prices = PrivateKey.generate(), PrivateKey.generate()
        self.holders, self.keys = [], {}
        for position in range(1, people + 1):
            holder = KeyHolder(id=new_id(), position=position)
            key = codes.key_of(codes.fresh_code(), holder.id)
            assert key is not None
            holder.public_key = bytes(key.public_key)
            self.holders.append(holder)
            self.keys[holder.id] = key
        self.shares = splitting.divided(self.bids, self.prices, self.holders)

    def of(self, holder: KeyHolder):
        return [share for share in self.shares if share.holder_id == holder.id]

    def halves(self, holder: KeyHolder) -> splitting.Halves:
        return splitting.unsealed(holder.id, self.of(holder), self.keys[holder.id])


@given(st.integers(2, 4))
def test_any_two_in_either_order_have_both_keys(people):
    held = Held(people)
    for one, other in combinations(held.holders, 2):
        for first, second in ((one, other), (other, one)):
            bids, prices = splitting.joined(held.halves(first), held.halves(second))
            assert bytes(bids) == bytes(held.bids)
            assert bytes(prices) == bytes(held.prices)


@given(st.integers(2, 4))
def test_one_alone_has_neither_key_however_the_halves_are_combined(people):
    held = Held(people)
    both = bytes(held.bids) + bytes(held.prices)
    for holder in held.holders:
        halves = held.halves(holder)
        with pytest.raises(CryptoError):
            splitting.joined(halves, halves)
        known = list(halves.halves.values())
        mixed = [bytes(a ^ b for a, b in zip(x, y, strict=True)) for x, y in combinations(known, 2)]
        for found in known + mixed:
            assert both[:32] != found[:32]
            assert both[32:] != found[32:]


def test_nobody_unseals_another_holders_half():
    held = Held(3)
    one, other, _third = held.holders
    with pytest.raises(CryptoError):
        splitting.unsealed(one.id, held.of(one), held.keys[other.id])


def test_halves_of_different_pairs_give_no_key():
    held = Held(3)
    one, other, third = held.holders
    wrong = splitting.Halves(other.id, {one.id: held.halves(other).halves[third.id]})
    bids, _prices = splitting.joined(held.halves(one), wrong)
    assert bytes(bids) != bytes(held.bids)


@given(st.text(max_size=60))
def test_what_is_no_code_is_no_key(text):
    assert codes.key_of(text, new_id()) is None


def test_a_code_is_read_however_it_was_copied_from_paper():
    holder_id, code = new_id(), "OIB2 3456 7ABC DEFG HIJK LMNO PQRS TUVW"
    key = bytes(codes.key_of(code, holder_id))
    for typed in (
        code.lower(),
        code.replace(" ", ""),
        code.replace(" ", "-") + " ",
        code.replace("O", "0").replace("I", "1").replace("B", "8"),
    ):
        assert bytes(codes.key_of(typed, holder_id)) == key
    assert bytes(codes.key_of(code, new_id())) != key, "good for one lot only"


def test_codes_are_long_and_never_twice_the_same():
    made = {codes.fresh_code() for _each in range(200)}
    assert len(made) == 200
    assert {len(code.replace(" ", "")) for code in made} == {32}
