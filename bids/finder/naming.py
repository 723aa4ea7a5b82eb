"""Whether a text says which lot somebody has in mind."""

from __future__ import annotations

import re

from sqlalchemy import select

from lots.models import Lot
from lots.vocabulary import CONCLUDED
from marketplace.database import db

REFERENCE = re.compile(r"\bLOT-?\s?[A-Z]{2}\d{4}\b", re.IGNORECASE)
ADDRESS = re.compile(r"\b(opportunities|lots)/[0-9a-f]{8}", re.IGNORECASE)


def names_a_lot(text: str) -> bool:
    """A reference, an address of a lot's page, or the whole title of one not yet concluded.

    An entry that named a lot would tie its organisation to it before the bids are opened
    (domain, section 5).
    """
    if REFERENCE.search(text) or ADDRESS.search(text):
        return True
    said = _plain(text)
    titles = select(Lot.title).where(Lot.state.not_in(CONCLUDED))
    return any(_plain(title) in said for title in db.session.scalars(titles))


def _plain(text: str) -> str:
    """Lower case and single spaces; the two kinds of apostrophe are one."""
    return " ".join(text.lower().replace("’", "'").split())
