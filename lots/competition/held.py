"""What may change in an open lot: a few fields by name, their values, and what differs.

Word limits, criteria, weights, money and areas never change once bids may be written: that would
be another competition. A question keeps its id, so that answers and sealed bids keep theirs.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.models import Lot
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
    text = json.dumps([held(lot), str(lot.closes_at)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


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
