"""A language for tests: each message stands in ⟦brackets⟧, so that untranslated words stand out."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from gettext import NullTranslations
from pathlib import Path
from typing import Any
from unittest.mock import patch
from xml.etree.ElementTree import Element

from flask_babel import Domain
from sqlalchemy import JSON, Enum, String

from bids.kept import Kept
from marketplace.database import Base, Encrypted, db
from referrals.services.traits import language_names
from tests.support.pages import Page

OPENS, CLOSES = "⟦", "⟧"
SILENT = {"script", "style", "template", "noscript", "head", "code"}
SPOKEN = ("alt", "aria-label", "placeholder", "title")
# What is written the same in every language, or by the calendar's own translations.
DAYS = "mon|tues|wednes|thurs|fri|satur|sun"
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
SHORT_MONTHS = "jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec"
NEUTRAL = re.compile(
    rf"\b(?:(?:{DAYS})day|{MONTHS}|{SHORT_MONTHS}|am|pm|at|gmt|bst)\b|[\d\W_]+", re.IGNORECASE
)
SAME_EVERYWHERE = {"English", "Cymraeg", "SHA-256", "Windows", "Mac", "Linux"}
AUTHENTICATOR_SECRET = re.compile(r"(?:[A-Z2-7]{4} ?){8}")
PROJECT = Path(__file__).resolve().parents[2]


class _Bracketing(NullTranslations):
    def gettext(self, message: str) -> str:
        return f"{OPENS}{message}{CLOSES}"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)

    def pgettext(self, _context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, _context: str, one: str, many: str, n: int) -> str:
        return self.ngettext(one, many, n)

    ugettext, ungettext = gettext, ngettext


@contextmanager
def pseudo_language() -> Iterator[None]:
    """Have every message come out in brackets."""
    bracketing = _Bracketing()
    with patch.object(Domain, "get_translations", lambda self: bracketing):
        yield


def outside_brackets(page: Page) -> list[str]:
    """Every visible or spoken piece of a page that no message encloses."""
    pieces: list[str] = []
    for chunk in _chunks(page):
        depth, kept = 0, []
        for mark in re.split(f"([{OPENS}{CLOSES}])", chunk):
            if mark == OPENS:
                depth += 1
                kept.append("\n")
            elif mark == CLOSES:
                depth = max(depth - 1, 0)
            elif depth == 0:
                kept.append(mark)
        pieces += [" ".join(piece.split()) for piece in "".join(kept).split("\n")]
    return [piece for piece in pieces if NEUTRAL.sub("", piece)]


def _chunks(page: Page) -> Iterator[str]:
    titles = page.all("title")
    yield "".join(titles[0].itertext()) if titles else ""
    body = page.all("body")[0]
    yield "".join(_words(body))
    for element in body.iter():
        for name in SPOKEN:
            yield element.get(name) or ""
        if element.tag == "input" and element.get("type") in ("submit", "button"):
            yield element.get("value") or ""


def _words(element: Element) -> Iterator[str]:
    """The text of an element and what is in it; a break between elements is no word's end."""
    if isinstance(element.tag, str) and element.tag not in SILENT and not _foreign(element):
        yield "\n" + (element.text or "")
        for child in element:
            yield from _words(child)
            yield "\n" + (child.tail or "")


def _foreign(element: Element) -> bool:
    """Whether the element says itself that its words are of another language."""
    return element.tag != "html" and element.get("lang") is not None


def known_texts() -> set[str]:
    """What may stand outside messages: reference data and what people typed, as stored."""
    # The Unicode locale data names each language in the reader's own, without a message.
    found: set[str] = set(SAME_EVERYWHERE) | set(language_names().values())
    for path in PROJECT.glob("*/**/data/*.csv"):
        if ".venv" not in path.parts and "node_modules" not in path.parts:
            with path.open(newline="", encoding="utf-8") as file:
                found |= {cell for row in csv.reader(file) for cell in row}
    for mapper in Base.registry.mappers:
        names = [column.key for column in mapper.column_attrs if _holds_words(column)]
        names += [name for name, held in vars(mapper.class_).items() if isinstance(held, Kept)]
        for thing in db.session.query(mapper.class_):
            for name in names:
                found |= set(_pieces(getattr(thing, name)))
    return found


def is_data(piece: str, known: set[str]) -> bool:
    """Whether a piece is data, or data strung together with punctuation."""
    if piece in known or AUTHENTICATOR_SECRET.fullmatch(piece):
        return True
    for name in sorted((each for each in known if each in piece), key=len, reverse=True):
        if " " in name or not name.islower():
            piece = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", piece)
    return not NEUTRAL.sub("", piece)


def _holds_words(attribute: Any) -> bool:
    column = attribute.columns[0]
    if isinstance(column.type, Enum) or column.name.endswith(("_code", "hash")):
        return False
    return isinstance(column.type, (String, Encrypted, JSON))


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _pieces(each)
    elif isinstance(value, list):
        for each in value:
            yield from _pieces(each)
    elif isinstance(value, str):
        if value.startswith(("{", "[")):
            with suppress(ValueError):
                yield from _pieces(json.loads(value))
        for line in value.splitlines():
            yield " ".join(line.split())
