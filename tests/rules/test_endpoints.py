"""Every endpoint, as everybody: the answer stands in the reviewed table; a refusal changes nothing.

The table is in `tests/rules/answers/` and is walked from the URL map, so that a new endpoint
fails here until somebody has thought about who may call it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.rules.answers import TABLE, Row
from tests.support.isolation import rolled_back
from tests.support.walking import Walker, judged, without_pages
from tests.support.world import VISITOR, World

# The things that forms name, where an empty form would not be let through at all.
FORMS = {"accounts.demonstration_sign_in": "invented person"}


@pytest.fixture(scope="module")
def walker(the_world: World) -> Iterator[Walker]:
    """Walks the world inside one transaction, undone at the end."""
    with rolled_back(the_world.app) as connection, without_pages():
        yield Walker(the_world, connection)


def test_every_endpoint_stands_in_the_table_and_the_other_way_round(walker):
    reviewed = {(row.endpoint, method) for row in TABLE for method in row.methods.split()}
    unreviewed = walker.rules.keys() - reviewed
    assert not unreviewed, f"say in tests/rules/answers who may call {sorted(unreviewed)}"
    gone = reviewed - walker.rules.keys()
    assert not gone, f"rows without an endpoint: {sorted(gone)}"


def test_the_table_names_only_people_who_are_there(walker):
    known = {*walker.world.people, "everybody, signed in or not", "everybody signed in"}
    for row in TABLE:
        assert row.yes | row.hidden | row.nothing <= known, row
        assert not row.yes & (row.hidden | row.nothing), row


@pytest.mark.parametrize(
    "row", TABLE, ids=lambda row: f"{row.endpoint} of {row.thing}" if row.thing else row.endpoint
)
def test_everybody_gets_the_reviewed_answer(walker: Walker, row: Row):
    wrong = [
        f"{method} as {who}: expected {expected}, got {got}"
        for method in row.methods.split()
        for who in (VISITOR, *walker.world.people)
        if (got := answer(walker, row, method, who)) != (expected := row.expected(who))
    ]
    assert not wrong, "\n".join([f"{row.endpoint} of {row.thing}:", *wrong])


def answer(walker: Walker, row: Row, method: str, who: str) -> str:
    """What this person gets; a refusal that changed something is told with the tables."""
    path = walker.address(row.endpoint, method, row.thing)
    form = walker.world.things.get(FORMS.get(row.endpoint, ""))
    with walker.undone() as sent:
        got = judged(walker.ask(who, method, path, form), who)
        if got == "yes" and row.expected(who) != "nothing":
            return got
        changed = walker.changes(sent)
    if changed:
        return f"{got}, though {sorted(changed)} changed"
    return "nothing" if got == "yes" else got
