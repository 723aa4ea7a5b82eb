"""The worked examples, each with its source, hold; and the documentation shows the same table."""

from __future__ import annotations

from pathlib import Path

import pytest

from lots.proportionality.vocabulary import RULES
from tests.lots.proportionality.worked import as_markdown, examples, work_out
from tests.support.proportionality import shipped_policy

DOCUMENT = Path(__file__).parents[3] / "docs" / "proportionality.md"


@pytest.mark.parametrize("example", examples(), ids=lambda each: f"{each.kind}: {each.given}")
def test_each_example_is_worked_out_as_it_stands(app, example):
    assert work_out(example) == example.expected


def test_each_example_names_its_source():
    assert all(each.source for each in examples())


def test_every_rule_of_this_room_has_an_example():
    shown = {each.expected.split()[0] for each in examples() if each.kind == "rule"}
    # A fund's budget is judged by the room of funders; a closing time by the calendar's examples.
    elsewhere = {"fund_over_budget", "closing_time", "closed_season"}
    assert set(RULES) - elsewhere <= shown


def test_the_documentation_shows_the_same_table():
    assert as_markdown() in DOCUMENT.read_text()


def test_every_rule_has_its_texts_in_both_languages_and_a_level():
    assert set(shipped_policy().rules) == set(RULES)
    for rule in shipped_policy().rules.values():
        assert rule.source and rule.why
