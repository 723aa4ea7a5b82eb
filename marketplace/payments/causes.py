"""What money moved for: words for each cause, and the pages of the things behind it.

The ledger knows a cause by its reference only; whoever posts for one tells the rest here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, current_app

from marketplace.acting import Acting

# The kind of a cause, and the id of the thing that it is of.
Reference = tuple[str, UUID]


@dataclass(frozen=True)
class Link:
    """A page that the reader may open, and what it is called."""

    text: str
    href: str


# The pages of the things with these ids, as far as somebody may open them; a constant number of
# database statements.
Pages = Callable[[Collection[UUID], Acting], Mapping[UUID, list[Link]]]


@dataclass(frozen=True)
class Told:
    """Words for a cause, and how its pages are found."""

    words: Any
    pages: Pages


def told(app: Flask) -> dict[str, Told]:
    """Everything that was told, by the kind of the cause."""
    return app.extensions.setdefault("causes", {})


def tell(app: Flask, words: Mapping[str, Any], pages: Pages) -> None:
    """Tell of causes that are happenings of one sort of thing, at start-up."""
    told(app).update({kind: Told(said, pages) for kind, said in words.items()})


def words_for(kind: str) -> Any:
    """What happened, in words; its kind where nobody told of it."""
    known = told(current_app).get(kind)
    return kind if known is None else known.words


def pages_of(references: Iterable[Reference], by: Acting) -> dict[Reference, list[Link]]:
    """The pages behind each cause that this person may open; a cause may have none."""
    known = told(current_app)
    asked: dict[Pages, set[UUID]] = defaultdict(set)
    wanted = set(references)
    for kind, thing_id in wanted:
        if kind in known:
            asked[known[kind].pages].add(thing_id)
    found = {pages: pages(ids, by) for pages, ids in asked.items()}
    return {
        (kind, thing_id): found[known[kind].pages].get(thing_id, [])
        for kind, thing_id in wanted
        if kind in known
    }
