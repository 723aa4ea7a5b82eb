"""Marking where two texts differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bids.differences import MOST_PIECES, compared

TEXTS = st.text(st.sampled_from("ab \n\t–é"), max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_put_together_are_the_texts(one, other):
    left, right = compared(one, other)
    assert "".join(piece.text for piece in left) == one
    assert "".join(piece.text for piece in right) == other


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text):
    assert not any(piece.differs for side in compared(text, text) for piece in side)


@given(TEXTS, TEXTS)
def test_what_is_not_marked_is_the_same_words_on_both_sides(one, other):
    left, right = compared(one, other)
    assert words(left) == words(right)


def words(pieces):
    return [word for piece in pieces if not piece.differs for word in piece.text.split()]


def test_a_changed_word_alone_is_marked():
    left, _right = compared("We meet weekly at first", "We meet daily at first")
    assert [piece.text.strip() for piece in left if piece.differs] == ["weekly"]


def test_long_texts_are_compared_by_line_and_endless_ones_as_a_whole():
    line = "word " * 100 + "\n"
    left, _right = compared(line * 30 + "mine", line * 30 + "yours")
    assert [piece.text for piece in left if piece.differs] == ["mine"]
    left, right = compared("a\n" * MOST_PIECES, "b\n" * MOST_PIECES)
    assert (len(left), len(right)) == (1, 1)
