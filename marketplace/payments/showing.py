"""Each movement of a statement in words: why, from what to what, and the pages behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marketplace.acting import Acting
from marketplace.payments import causes, statements
from marketplace.payments.causes import Link
from marketplace.payments.models import ACCOUNT_KINDS, GROWS_BY_CREDIT, AccountKind, Posting


@dataclass(frozen=True)
class Movement:
    """One posting: what happened, what became less, what became more, and where to read on.

    Money that falls due makes two accounts grow, and money that comes back makes two less.
    """

    posting: Posting
    why: Any
    less: list[str]
    more: list[str]
    links: list[Link]


def in_words(postings: Sequence[Posting], by: Acting | None = None) -> list[Movement]:
    """Postings as people read them; pages of those that `by` may open, none for a table."""
    kinds = statements.kinds_of(postings)
    causes_of = [(each.cause_kind, each.cause_id) for each in postings]
    pages = causes.pages_of(causes_of, by) if by else {}
    return [
        Movement(
            posting,
            causes.words_for(posting.cause_kind),
            _named(posting, kinds, grows=False),
            _named(posting, kinds, grows=True),
            pages.get((posting.cause_kind, posting.cause_id), []),
        )
        for posting in postings
    ]


def _named(posting: Posting, kinds: dict[UUID, AccountKind], grows: bool) -> list[str]:
    """What this posting makes more, or less: a debit adds to all but what grows by credit."""
    debited, credited = kinds[posting.debit_account_id], kinds[posting.credit_account_id]
    grown = {debited: debited not in GROWS_BY_CREDIT, credited: credited in GROWS_BY_CREDIT}
    return [str(ACCOUNT_KINDS[kind]) for kind in AccountKind if grown.get(kind) is grows]
