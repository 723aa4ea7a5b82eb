"""Read the ledger. Every balance is a sum over an index; none is stored."""

from __future__ import annotations

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
