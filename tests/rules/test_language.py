"""No visible sentence outside gettext: with every message bracketed, nothing stands unbracketed.

Allowed outside are reference data (which has a Welsh column), what users typed, names, numbers
and dates. The same walk finds pages that break a rule of every page: one h1, its title, unique
ids, labels, error links that land on a field.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.wrappers import Response

from marketplace.categories.models import Category, Cohort, Outcome, Service
from marketplace.database import Base
from tests.rules.answers import TABLE
from tests.rules.answers.people import Row
from tests.support.isolation import rolled_back
from tests.support.pages import Page, check
from tests.support.pseudo import is_data, known_texts, outside_brackets, pseudo_language
from tests.support.walking import Walker
from tests.support.world import VISITOR, World

PAGES = [row for row in TABLE if "GET" in row.methods.split()]
FORMS = [row for row in TABLE if "POST" in row.methods.split()]


def named(row: Row) -> str:
    return f"{row.endpoint} of {row.thing}"


@pytest.fixture(scope="module")
def reader(databases, the_world: World) -> Iterator[Walker]:
    """Reads every page in the pseudo-language; the words do not depend on the database."""
    if databases.__class__.__name__ != "SqliteDatabases":
        pytest.skip("the words of a page do not depend on the kind of database")
    with rolled_back(the_world.app) as connection, pseudo_language():
        yield Walker(the_world, connection)


@pytest.fixture(scope="module")
def known(reader: Walker) -> set[str]:
    """Every text that is data."""
    with reader.world.app.app_context():
        return known_texts()


def untranslated(answer: Response, path: str, known: set[str]) -> list[str]:
    """The words of a page that went past gettext. Raises BadPage for a page that is no good."""
    if answer.mimetype != "text/html" or not answer.data or answer.location:
        return []
    page = check(answer.get_data(as_text=True), path)
    return [piece for piece in outside_brackets(page) if not is_data(piece, known)]


@pytest.mark.parametrize("row", PAGES, ids=named)
def test_every_word_of_a_page_goes_through_gettext(reader: Walker, known: set[str], row):
    path = reader.address(row.endpoint, "GET", row.thing)
    found = {
        piece: who
        for who in reader.readers(row)
        for piece in untranslated(reader.ask(who, "GET", path), path, known)
    }
    assert not found, "\n".join([path, *(f"  {piece!r} as {who}" for piece, who in found.items())])


@pytest.mark.parametrize("row", FORMS, ids=named)
def test_every_word_said_about_an_empty_form_goes_through_gettext(reader, known, row):
    path = reader.address(row.endpoint, "POST", row.thing)
    who = reader.readers(row)[0]
    with reader.undone():
        found = untranslated(reader.ask(who, "POST", path), path, known)
    assert not found, f"{path} as {who}: {found}"


@pytest.mark.parametrize("path", ["/nowhere", "/lots", "/open-data/market.json?on=yesterday"])
def test_every_word_of_a_refusal_goes_through_gettext(reader, known, path):
    for who in (VISITOR, "caseworker"):
        assert not untranslated(reader.ask(who, "GET", path), path, known), who


def test_reference_data_has_a_welsh_name_for_every_name():
    shown = [
        mapper.class_.__table__
        for mapper in Base.registry.mappers
        if {"code", "name", "valid_from"} <= set(mapper.class_.__table__.columns.keys())
    ]
    assert {each.__table__ for each in (Category, Cohort, Outcome, Service)} <= set(shown)
    for table in shown:
        assert "name_cy" in table.columns and not table.columns["name_cy"].nullable, table.name


def test_the_pseudo_language_finds_what_went_past_gettext():
    page = Page("<body><p>⟦Sent on ⟦Monday⟧⟧ by hand</p><img alt='A map'></body>")
    assert outside_brackets(page) == ["by hand", "A map"]
    assert not is_data("by hand", {"Harbour Trust"}) and is_data(
        "Harbour Trust.", {"Harbour Trust"}
    )
