"""The ledger: accounts, and postings that move pence from one account to another.

A posting is one row naming both accounts, so every sum is zero by construction. The ledger knows
nothing of what stands above it: a contract holds the keys of *its* accounts.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from marketplace import append_only
from marketplace.database import classified, db, db_enum, new_id


class AccountKind(StrEnum):
    """What an account counts. A debit makes each grow but those in `GROWS_BY_CREDIT`."""

    COST = "cost"
    VAT = "vat"
    PAYABLE = "payable"
    PAID = "paid"
    FUNDED = "funded"
    COMMITMENT = "commitment"
    CONTRIBUTION_DUE = "contribution_due"
    CONTRIBUTION_RECEIVED = "contribution_received"
    DISPUTED = "disputed"
    BALANCE = "balance"
    MOVED = "moved"


ACCOUNT_KINDS = {
    AccountKind.COST: _l("Approved, net"),
    AccountKind.VAT: _l("VAT on it"),
    AccountKind.PAYABLE: _l("Owed to the provider"),
    AccountKind.PAID: _l("Paid to the provider"),
    AccountKind.FUNDED: _l("Promised in all"),
    AccountKind.COMMITMENT: _l("Promised by funders, not due yet"),
    AccountKind.CONTRIBUTION_DUE: _l("Due from funders"),
    AccountKind.CONTRIBUTION_RECEIVED: _l("Received from funders"),
    AccountKind.DISPUTED: _l("Taken back by a funder’s bank"),
    AccountKind.BALANCE: _l("Money held at the payment service"),
    AccountKind.MOVED: _l("Money moved through the payment service"),
}
GROWS_BY_CREDIT = (
    AccountKind.PAYABLE,
    AccountKind.PAID,
    AccountKind.FUNDED,
    AccountKind.MOVED,
)


class Account(db.Model):
    """One account of the ledger, as it was opened; whose it is stands with what holds its key."""

    __tablename__ = "account"
    __privacy__ = classified(none="id kind opened_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[AccountKind] = mapped_column(db_enum(AccountKind))
    opened_at: Mapped[datetime]


class Posting(db.Model):
    """Pence moved from the credited to the debited account, for one cause, once."""

    __tablename__ = "posting"
    __privacy__ = classified(
        none="id debit_account_id credit_account_id pence cause_kind cause_id at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    debit_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    credit_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    pence: Mapped[int] = mapped_column(BigInteger)
    cause_kind: Mapped[str] = mapped_column(String(60))
    cause_id: Mapped[UUID]
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        UniqueConstraint("cause_kind", "cause_id"),
        Index("ix_posting_debit", "debit_account_id", "at", "pence"),
        Index("ix_posting_credit", "credit_account_id", "at", "pence"),
    )


# A posting counts by the kind of its accounts, so those stand as they were opened.
append_only.guard(Account.__table__)
append_only.guard(Posting.__table__)
