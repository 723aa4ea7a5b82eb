"""Read the ledger. Every balance is a sum over an index; none is stored."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from marketplace.database import db
from marketplace.payments.models import Posting


def balance(account_id: UUID) -> int:
    """Pence debited less pence credited; negative is what is owed from this account."""
    return _sum(Posting.debit_account_id == account_id) - _sum(
        Posting.credit_account_id == account_id
    )


def _sum(condition: ColumnElement[bool]) -> int:
    # A sum of BIGINT is NUMERIC on PostgreSQL.
    return int(db.session.scalar(select(func.sum(Posting.pence)).where(condition)) or 0)


def balances(account_ids: Collection[UUID]) -> dict[UUID, int]:
    """The balance of each of these accounts, in pence; two statements however many there are."""
    found = dict.fromkeys(account_ids, 0)
    for column, sign in ((Posting.debit_account_id, 1), (Posting.credit_account_id, -1)):
        sums = select(column, func.sum(Posting.pence)).where(column.in_(found)).group_by(column)
        for account_id, pence in db.session.execute(sums):
            found[account_id] += sign * int(pence)
    return found
