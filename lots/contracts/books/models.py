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


class FundingPromise(db.Model):
    """What a funder promised more, or (below 0) less: at signing, and by each signed change.

    Pence with VAT, over the contract's term; the sum is what it promises now.
    """

    __tablename__ = "funding_promise"
    __privacy__ = classified(none="id funding_id pence at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    funding_id: Mapped[UUID] = mapped_column(ForeignKey(ContractFunding.id), index=True)
    pence: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("pence <> 0", name="promise_moves"),)


class ContributionState(StrEnum):
    """Where a funder's part of something owed, or of something that came back, stands."""

    DUE = "due"
    INVOICED = "invoiced"
    RECEIVED = "received"
    DISPUTED = "disputed"
    ASKED_AGAIN = "asked_again"
    TO_GIVE_BACK = "to_give_back"
    GIVEN_BACK = "given_back"


CONTRIBUTION_STATES = {
    ContributionState.DUE: _l("Due"),
    ContributionState.INVOICED: _l("Invoiced"),
    ContributionState.RECEIVED: _l("Received"),
    ContributionState.DISPUTED: _l("Taken back"),
    ContributionState.ASKED_AGAIN: _l("Taken back, and asked for again"),
    ContributionState.TO_GIVE_BACK: _l("To be given back to the funder"),
    ContributionState.GIVEN_BACK: _l("Given back to the funder"),
}


class Contribution(db.Model):
    """One funder's part, in pence with VAT, of what one cause made a contract owe.

    Or of what came back to the buyer (unspent grant): then it is to be given back. A part that
    was taken back by the funder's bank can be asked for again, as the next `round`.
    """

    __tablename__ = "contribution"
    __privacy__ = classified(
        none="id funding_id cause_kind cause_id round pence state invoice_id due_at received_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    funding_id: Mapped[UUID] = mapped_column(ForeignKey(ContractFunding.id))
    cause_kind: Mapped[str] = mapped_column(String(60))
    cause_id: Mapped[UUID]
    round: Mapped[int] = mapped_column(default=1)
    pence: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[ContributionState] = mapped_column(
        db_enum(ContributionState), default=ContributionState.DUE
    )
    invoice_id: Mapped[UUID | None] = mapped_column(ForeignKey("invoice.id"), index=True)
    due_at: Mapped[datetime]
    received_at: Mapped[datetime | None]

    funding: Mapped[ContractFunding] = relationship()

    __table_args__ = (
        UniqueConstraint("funding_id", "cause_kind", "cause_id", "round"),
        CheckConstraint("pence > 0", name="pence_positive"),
        CheckConstraint("round > 0", name="round_positive"),
        CheckConstraint(
            "state NOT IN ('received', 'disputed', 'asked_again', 'given_back')"
            " OR received_at IS NOT NULL",
            name="received_when",
        ),
        Index("ix_contribution_state", "state", "funding_id"),
    )
