"""The accounts of each organisation that pays for a contract, and its part of what is owed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.contracts.models import Contract
from marketplace.database import classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation


class ContractFunding(db.Model):
    """One organisation that pays for one contract, the buyer too; its four accounts.

    `purchase_order` is its own number for what it pays here, asked for on its invoices.
    """

    __tablename__ = "contract_funding"
    __privacy__ = classified(
        none="id contract_id organisation_id commitment_account_id due_account_id "
        "received_account_id disputed_account_id purchase_order"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contract_id: Mapped[UUID] = mapped_column(ForeignKey(Contract.id))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    commitment_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    due_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    received_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    disputed_account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    purchase_order: Mapped[str] = mapped_column(String(60), default="")

    contract: Mapped[Contract] = relationship()
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("contract_id", "organisation_id"),
        Index("ix_contract_funding_organisation", "organisation_id"),
    )


class ContributionState(StrEnum):
    """Where a funder's part of something owed stands."""

    DUE = "due"
    INVOICED = "invoiced"
    RECEIVED = "received"
    DISPUTED = "disputed"


CONTRIBUTION_STATES = {
    ContributionState.DUE: _l("Due"),
    ContributionState.INVOICED: _l("Invoiced"),
    ContributionState.RECEIVED: _l("Received"),
    ContributionState.DISPUTED: _l("Taken back"),
}


class Contribution(db.Model):
    """One funder's part, in pence with VAT, of what one cause made a contract owe."""

    __tablename__ = "contribution"
    __privacy__ = classified(
        none="id funding_id cause_kind cause_id pence state invoice_id due_at received_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    funding_id: Mapped[UUID] = mapped_column(ForeignKey(ContractFunding.id))
    cause_kind: Mapped[str] = mapped_column(String(60))
    cause_id: Mapped[UUID]
    pence: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[ContributionState] = mapped_column(
        db_enum(ContributionState), default=ContributionState.DUE
    )
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    due_at: Mapped[datetime]
    received_at: Mapped[datetime | None]

    funding: Mapped[ContractFunding] = relationship()

    __table_args__ = (
        UniqueConstraint("funding_id", "cause_kind", "cause_id"),
        CheckConstraint("pence > 0", name="pence_positive"),
        Index("ix_contribution_state", "state", "funding_id"),
    )
