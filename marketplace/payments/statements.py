"""A statement: what stood in some accounts, what moved in a period, and what stands at its end.

`accounts` is always a query of ids of accounts: whose they are, and who may read them, is decided
above. Pence throughout; both days of a period belong to it, in London.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SelectBase, case, func, select, union

from marketplace import calendar
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.payments.models import GROWS_BY_CREDIT, Account, AccountKind, Posting

Moved = tuple[int, int]


@dataclass(frozen=True)
class Period:
    """From the first moment of `first` to the last one of `last`."""

    first: date
    last: date

    @property
    def begin(self) -> datetime:
        """The first moment of it."""
        return calendar.start_of(self.first)

    @property
    def after(self) -> datetime:
        """The first moment after it."""
        return calendar.start_of(self.last + timedelta(days=1))


@dataclass(frozen=True)
class Total:
    """All accounts of one kind: pence at the start, what was added and taken off, at the end.

    Counted the way the kind grows, so that what is owed to somebody is above 0 like what is theirs.
    """

    kind: AccountKind
    opening: int
    added: int
    taken: int

    @property
    def closing(self) -> int:
        """Pence at the end."""
        return self.opening + self.added - self.taken


def totals(accounts: SelectBase, period: Period) -> dict[AccountKind, Total]:
    """The sums of each kind that ever moved until the end of the period; two statements."""
    debits = _sums(Posting.debit_account_id, accounts, period)
    credits = _sums(Posting.credit_account_id, accounts, period)
    found = {}
    for kind in AccountKind:
        if kind not in debits and kind not in credits:
            continue
        more, less = debits.get(kind, (0, 0)), credits.get(kind, (0, 0))
        if kind in GROWS_BY_CREDIT:
            more, less = less, more
        found[kind] = Total(kind, more[0] - less[0], more[1], less[1])
    return found


def _sums(side: Any, accounts: SelectBase, period: Period) -> dict[AccountKind, Moved]:
    """Pence moved on one side before the period and in it, by kind of account."""
    before = func.sum(case((Posting.at < period.begin, Posting.pence), else_=0))
    within = func.sum(case((Posting.at >= period.begin, Posting.pence), else_=0))
    found = (
        select(Account.kind, before, within)
        .join(Posting, side == Account.id)
        .where(side.in_(accounts), Posting.at < period.after)
        .group_by(Account.kind)
    )
    # A sum of BIGINT is NUMERIC on PostgreSQL.
    return {kind: (int(old), int(new)) for kind, old, new in db.session.execute(found)}


def movements(accounts: SelectBase, period: Period, size: int = 25) -> Page:
    """Each posting of the period that touches one of the accounts, once, newest first, by page."""
    found = select(Posting).where(_touching(accounts, period))
    return paged(found.order_by(Posting.at.desc(), Posting.id.desc()), size)


def all_movements(accounts: SelectBase, period: Period) -> Sequence[Posting]:
    """The same, all of them, the oldest first; for saving as a table."""
    found = select(Posting).where(_touching(accounts, period))
    return db.session.scalars(found.order_by(Posting.at, Posting.id)).all()


def _touching(accounts: SelectBase, period: Period) -> ColumnElement[bool]:
    # Two look-ups by index; one with OR would read every posting there is.
    within = (Posting.at >= period.begin, Posting.at < period.after)
    return Posting.id.in_(
        union(
            select(Posting.id).where(Posting.debit_account_id.in_(accounts), *within),
            select(Posting.id).where(Posting.credit_account_id.in_(accounts), *within),
        )
    )


def kinds_of(postings: Sequence[Posting]) -> dict[UUID, AccountKind]:
    """The kind of every account that these postings name."""
    named = {each.debit_account_id for each in postings}
    named |= {each.credit_account_id for each in postings}
    found = select(Account.id, Account.kind).where(Account.id.in_(named))
    return {account_id: kind for account_id, kind in db.session.execute(found)}


def closings(accounts: SelectBase, period: Period) -> dict[UUID, tuple[AccountKind, int]]:
    """Pence in each account at the end of the period, counted the way its kind grows."""
    found: dict[UUID, tuple[AccountKind, int]] = {}
    for side, is_credit in ((Posting.debit_account_id, False), (Posting.credit_account_id, True)):
        sums = (
            select(side, Account.kind, func.sum(Posting.pence))
            .join(Account, Account.id == side)
            .where(side.in_(accounts), Posting.at < period.after)
            .group_by(side, Account.kind)
        )
        for account, kind, pence in db.session.execute(sums):
            grows = (kind in GROWS_BY_CREDIT) == is_credit
            before = found.get(account, (kind, 0))[1]
            found[account] = kind, before + (int(pence) if grows else -int(pence))
    return found
