"""What may change in an open lot: a few fields by name, their values, and what differs.

Word limits, criteria, weights, money and areas never change once bids may be written: that would
be another competition. A question keeps its id, so that answers and sealed bids keep theirs.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.models import Lot
from marketplace import overtaken
from marketplace.lifecycle import Refusal

TEXTS = {
    "summary": _l("What is to be bought"),
    "eligibility_note": _l("Who may be referred: further words"),
    "transfer_liabilities": _l("Who bears the costs of staff who move"),
    "publicity_terms": _l("What the provider must say, or not say, in public"),
    "data_terms": _l("What the provider must do with people’s data"),
}
# What no bidder can do without, once it was said (`proportionality` asks for it at opening).
NEVER_EMPTY = ("transfer_liabilities", "publicity_terms", "data_terms")
NUMBERS = {
    "expected_starts": _l("Expected starts over the initial term"),
    "starts_low": _l("Expected starts a month, low complexity"),
    "starts_medium": _l("Expected starts a month, medium complexity"),
    "starts_high": _l("Expected starts a month, high complexity"),
}
DATES = {"starts_on": _l("Service starts")}

# A correction of words is made by one person alone, so it must not be able to change what is asked:
# no word is added, taken away or exchanged, no figure changes, and little is touched at all.
MOST_CORRECTED = 20  # characters of one text
LEAST_ALIKE = 0.75  # of a corrected word and the word it was; "cannot" and "can" are less alike
LONGEST_WORD = 60
WORD = re.compile(r"([\w'’]+)")


def held(lot: Lot) -> dict[str, Any]:
    """Every field that may change, by name, as plain values."""
    values: dict[str, Any] = {name: getattr(lot, name) for name in (*TEXTS, *NUMBERS)}
    values |= {name: _plain(getattr(lot, name)) for name in DATES}
    for question in lot.questions:
        values[f"question:{question.id}:text"] = question.text
        values[f"question:{question.id}:guidance"] = question.guidance
    return values


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None


def fingerprint(lot: Lot) -> str:
    """Changes with any of the fields; tells a page that was opened before a change."""
    return overtaken.fingerprint([held(lot), lot.closes_at])


def differences(lot: Lot, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """Where `wanted` differs from what the lot holds; names that it does not hold are left out."""
    return [
        {"name": name, "old": value, "new": wanted[name]}
        for name, value in held(lot).items()
        if name in wanted and wanted[name] != value
    ]


def only_words(fields: list[dict[str, Any]]) -> bool:
    """Whether nothing but texts differ: neither figures nor dates."""
    return not any(each["name"] in (*NUMBERS, *DATES) for each in fields)


def only_spelling(old: str, new: str) -> bool:
    """Whether a text reads as it did, but for spelling, capitals, spaces and punctuation."""
    before, after = WORD.split(old), WORD.split(new)
    if len(before) != len(after):
        return False
    differing = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    if sum(max(map(len, pair)) for pair in differing) > LONGEST_WORD * MOST_CORRECTED:
        return False
    if not all(_same_word(*pair) for pair in differing if all(map(WORD.fullmatch, pair))):
        return False
    return sum(_touched(*pair) for pair in differing) <= MOST_CORRECTED


def _same_word(old: str, new: str) -> bool:
    if any(letter.isdigit() for letter in old + new) or max(len(old), len(new)) > LONGEST_WORD:
        return False
    one, other = old.casefold(), new.casefold()
    # "un-" and "il-" turn a word round; no misspelling begins with another letter.
    return one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= LEAST_ALIKE


def _touched(old: str, new: str) -> int:
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in steps if tag != "equal")


def put(lot: Lot, fields: list[dict[str, Any]]) -> None:
    """Write the new values; raises Refusal where one has changed since it was proposed."""
    now = held(lot)
    if any(now.get(each["name"]) != each["old"] for each in fields):
        raise Refusal(
            _("The lot has changed since this was proposed. Drop the proposal and write it anew.")
        )
    questions = {str(question.id): question for question in lot.questions}
    for each in fields:
        name, new = each["name"], each["new"]
        if name.startswith("question:"):
            _kind, question_id, column = name.split(":")
            setattr(questions[question_id], column, new)
        elif name in DATES:
            setattr(lot, name, date.fromisoformat(new) if new else None)
        else:
            setattr(lot, name, new)


def label(lot: Lot, name: str) -> Any:
    """What a field is called on screen."""
    if not name.startswith("question:"):
        return (TEXTS | NUMBERS | DATES)[name]
    _kind, question_id, column = name.split(":")
    number = next((each.position for each in lot.questions if str(each.id) == question_id), 0)
    if column == "guidance":
        return _("Guidance of question %(number)s", number=number)
    return _("Question %(number)s", number=number)
