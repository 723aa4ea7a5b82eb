"""The comparison with Refer and monitor leaves nothing out, and names tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
COMPARISON = (TESTS.parent / "docs" / "comparison.md").read_text(encoding="utf-8")
FUNCTIONS = 94
ROWS = [line for line in COMPARISON.splitlines() if re.match(r"\| (?!No\.|It has|Point)", line)]


def test_every_function_stands_there_once_and_in_order() -> None:
    numbers = re.findall(r"^\| (\d+) \|", COMPARISON, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, FUNCTIONS + 1)]


def test_a_row_names_a_test_or_says_that_it_is_not_done() -> None:
    for row in ROWS:
        assert "::" in row or "not done" in row.lower(), row


def test_every_named_test_is_there() -> None:
    named = re.findall(r"`(\S+\.py)::(\w+)`", COMPARISON)
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (TESTS / path).exists()
        or f"def {name}(" not in (TESTS / path).read_text(encoding="utf-8")
    ]
    assert named and not missing
