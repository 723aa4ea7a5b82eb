"""Names as a search compares them: whatever the spelling, its beginning finds the person."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals.lists import folding

NAMES = st.one_of(
    st.sampled_from(
        ["Siân O’Neill-Jones", "Łukasz Żółć", "محمد بن علي", "יוסף כהן", "Zoë 🙂 D'Arcy", "李小龍"]
    ),
    st.text(min_size=3, max_size=40),
    st.lists(st.text(alphabet="aâbcŵŷ'’-ÉLlwynß", min_size=2, max_size=12), min_size=1).map(
        " ".join
    ),
)


@settings(max_examples=60)
@given(NAMES, st.data())
def test_whoever_types_how_a_word_or_the_whole_begins_finds_the_person(name, data):
    terms = [term for term in (*folding.words(name), folding.whole(name)) if len(term) >= 3]
    if not terms:
        return
    term = data.draw(st.sampled_from(terms))
    typed = term[: data.draw(st.integers(folding.FEWEST, len(term)))]
    kept = folding.prefixes(name, "X123456")
    assert any(set(wanted) <= kept for wanted in folding.sought(typed))
    assert folding.matches(typed, name, "X123456", "AB1234AC")


@settings(max_examples=60)
@given(NAMES)
def test_case_accents_and_marks_make_no_difference(name):
    plain = folding.whole(name)
    assert folding.whole(unicodedata.normalize("NFD", name)) == plain
    assert folding.whole(f"\u202e{name}\u200f") == plain
    assert folding.whole(plain.upper()) == folding.whole(plain)
    assert all(3 <= len(kept) <= folding.LONGEST_PREFIX for kept in folding.prefixes(name, ""))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("oneill", "Siân O’Neill"),
        ("o'neill", "Sian ONeill"),
        ("neill", "Siân O'Neill"),
        ("SIAN", "siân o’neill"),
        ("jones", "Ann Smith-Jones"),
        ("smith jo", "Ann Smith-Jones"),
        ("jones ann", "Ann Smith-Jones"),
        ("ann s", "Ann Smith-Jones"),
        ("bo xi", "Bo Xi"),
        ("llŷr", "Llyr ap Gwynfor"),
        ("محم", "محمد علي"),
        ("x12345", "Anybody"),
        ("ab12", "Anybody"),
    ],
)
def test_spellings_that_find(typed, name):
    assert folding.matches(typed, name, "X123456", "AB1234AC")


@pytest.mark.parametrize("typed", ["onei", "ann jones", "123456", "🙂🙂🙂", "%%%", ""])
def test_what_is_elsewhere_in_a_name_or_nothing_finds_nobody(typed):
    assert not folding.matches(typed, "Bob Doneill", "X123456", "AB1234AC")
