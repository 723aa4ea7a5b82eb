"""The codes of a sent referral in words, for its pages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Flask

from referrals.codes import (
    ACCESS_NEEDS,
    ADDRESS_KNOWN,
    RISK_FLAGS,
    SENTENCE_STATUSES,
    SUPPORT_NEEDS,
    TIMES_OF_WEEK,
)

LABELS: dict[str, Any] = {
    "needs": SUPPORT_NEEDS,
    "access": ACCESS_NEEDS,
    "times": TIMES_OF_WEEK,
    "risk": RISK_FLAGS,
    "sentence": SENTENCE_STATUSES,
    "address": ADDRESS_KNOWN,
}


def code_words(codes: Sequence[str] | str | None, kind: str) -> str:
    """One code or several in words, with commas between; nothing for none."""
    several = [codes] if isinstance(codes, str) else codes or []
    return ", ".join(str(LABELS[kind].get(code, code)) for code in several)


def flag_words(stored: str | None, kind: str, told: str | None = None) -> str:
    """What `Referral.support_flags` says of one kind, in words, and what was told beside it."""
    ticked = code_words(json.loads(stored or "{}").get(kind), kind)
    return ". ".join(each for each in (ticked, told) if each)


def register(app: Flask) -> None:
    """Let templates use them as filters."""
    app.jinja_env.filters["code_words"] = code_words
    app.jinja_env.filters["flag_words"] = flag_words
