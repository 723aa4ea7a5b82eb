"""Read the ledger. Every balance is a sum over an index; none is stored."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.payments.models import Posting


def balance(account_id: UUID) -> int:
    """Pence debited less pence credited; negative is what is owed from this account."""
    return _sum(Posting.debit_account_id == account_id) - _sum(
        Posting.credit_account_id == account_id
    )


def _sum(condition: ColumnElement[bool]) -> int:
    # A sum of BIGINT is NUMERIC on PostgreSQL.
    return int(db.session.scalar(select(func.sum(Posting.pence)).where(condition)) or 0)


def statement(account_ids: Collection[UUID], size: int = 25) -> Page:
    """Every posting that touches one of these accounts, newest first, by page."""
    touches = or_(
        Posting.debit_account_id.in_(account_ids), Posting.credit_account_id.in_(account_ids)
    )
    return paged(select(Posting).where(touches).order_by(Posting.at.desc(), Posting.id), size)
