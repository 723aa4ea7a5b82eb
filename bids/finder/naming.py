"""Whether a text says which lot somebody has in mind."""

from __future__ import annotations

import re
import unicodedata

from sqlalchemy import select

from lots.models import Lot
from lots.queries import is_public
from lots.vocabulary import CONCLUDED
from marketplace.database import db

# Overlapping: what stands before a reference may look like the beginning of one.
REFERENCE = re.compile(r"(?=([A-Z]{2}[0-9]{4}))")
ADDRESS = re.compile(r"\b(opportunities|lots)/[0-9a-f]{8}", re.IGNORECASE)
# Shorter ones are said of many a service ("Night shelter"), without any lot in mind.
LEAST_WORDS = 3


def names_a_lot(text: str) -> bool:
    """A reference, an address of a lot's page, or the whole title of one not yet concluded.

    An entry that named a lot would tie its organisation to it before the bids are opened
    (domain, section 5). Only lots that everybody may see are compared with: the answer would
    tell the title or reference of any other.
    """
    visible = _visible(text)
    if ADDRESS.search(visible):
        return True
    letters = "".join(each for each in visible.upper() if each.isascii() and each.isalnum())
    meant = {f"LOT-{found}" for found in REFERENCE.findall(letters)}
    known = select(Lot.id).where(is_public(), Lot.reference.in_(sorted(meant)))
    if meant and db.session.scalar(known.limit(1)) is not None:
        return True
    said = f" {' '.join(_words(visible))} "
    titles = select(Lot.title).where(is_public(), Lot.state.not_in(CONCLUDED))
    named = (_words(_visible(title)) for title in db.session.scalars(titles))
    return any(len(title) >= LEAST_WORDS and f" {' '.join(title)} " in said for title in named)


def _visible(text: str) -> str:
    """One form of each character, and none that no reader sees (soft hyphens, joiners)."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(each for each in plain if unicodedata.category(each) != "Cf")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
