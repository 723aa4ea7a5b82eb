"""Whatever stands in an address's query string, no page breaks and none repeats it unescaped."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.rules.answers import TABLE
from tests.support.isolation import rolled_back
from tests.support.walking import Walker
from tests.support.world import World

# Every name that any page reads from its query string.
NAMES = (
    *("page", "show", "state", "kind", "service", "region", "area", "need", "on", "whose"),
    *("next", "lang", "category", "demonstration", "then", "band", "words", "cursor"),
)
HOSTILE = {
    "negative": "-1",
    "zero": "0",
    "far past the end": "999999",
    "longer than any number": "9" * 400,
    "no number": "abc",
    "10,000 characters": "a" * 10_000,
    "quotes": "' OR 1=1 --\"",
    "NUL": "a\x00b",
    "emoji": "🦊",
    "digits that are not ASCII": "٣",
    "markup": "<script>alert(1)</script>",
    "a half surrogate": "%ED%A0%80",
    "an address elsewhere": "https://elsewhere.example/",
}
LISTS = [row for row in TABLE if "GET" in row.methods.split() and row.thing is None]


@pytest.fixture(scope="module")
def walker(the_world: World) -> Iterator[Walker]:
    with rolled_back(the_world.app) as connection:
        yield Walker(the_world, connection)


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.endpoint)
def test_no_page_breaks(walker: Walker, row):
    path = walker.address(row.endpoint, "GET", None)
    who = walker.readers(row)[0]
    for what, value in HOSTILE.items():
        asked = urlencode(dict.fromkeys(NAMES, value)) if "%" not in value else f"page={value}"
        answer = walker.ask(who, "GET", f"{path}?{asked}")
        assert answer.status_code < 500, f"{what} at {path}"
        if answer.mimetype == "text/html":
            assert "<script>alert" not in answer.get_data(as_text=True), path
        assert "elsewhere.example" not in (answer.location or ""), path
