"""What counts as naming a lot, and what is merely said of a service."""

from __future__ import annotations

import pytest

from bids.finder.naming import names_a_lot
from tests.support.lots import make_open_lot


@pytest.mark.parametrize(
    "written",
    [
        "{0}–{1}",
        "{0}‑{1}, please",
        "{0}\u00ad{1}",
        "{0} - {1}",
        "({0}\n{1})",
        "the one with {1}",
        "{0}-{2}",
    ],
)
def test_a_reference_is_known_however_it_is_written(app, written):
    begin, code = make_open_lot().reference.split("-")
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    spaced = f"{code[:2]}\u200b {code[2:]}"
    assert names_a_lot(written.format(begin, code, wide))
    assert names_a_lot(written.format(begin.lower(), spaced.lower(), wide))


def test_what_only_looks_like_a_reference_names_no_lot(app):
    make_open_lot()
    assert not names_a_lot("We quote our own file LOT-ZZ0000 in all letters.")


def test_a_title_counts_as_whole_words_only(app):
    make_open_lot(title="Art in prisons")
    assert names_a_lot("Who leads for “Art in prisons”?")
    assert names_a_lot("art  IN\nprisons")
    assert not names_a_lot("We start in prisons and go on outside.")


@pytest.mark.parametrize("title", ["Women", "Night shelter"])
def test_a_title_that_is_said_of_many_services_may_be_said(app, title):
    make_open_lot(title=title)
    assert not names_a_lot("Women find a night shelter with us.")
