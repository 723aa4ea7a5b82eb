"""Each comparison of a body's books with Stripe's, and every difference that one found."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.payments.bodies.models import StripeAccount


class MismatchKind(StrEnum):
    """In which way the two differ."""

    NOT_HERE = "not_here"
    NOT_THERE = "not_there"
    AMOUNT = "amount"
    TWICE = "twice"
    BALANCE = "balance"


MISMATCH_KINDS = {
    MismatchKind.NOT_HERE: _l("Moved at Stripe, but not in our books"),
    MismatchKind.NOT_THERE: _l("In our books, but not moved at Stripe"),
    MismatchKind.AMOUNT: _l("Different amounts"),
    MismatchKind.TWICE: _l("Moved more than once at Stripe"),
    MismatchKind.BALANCE: _l("The balance differs"),
}
TO_DO = {
    MismatchKind.NOT_HERE: _l(
        "Look for it on Stripe’s own pages. If somebody moved money there by hand, say so here. "
        "If it belongs to a payment that is held, decide there that it was paid."
    ),
    MismatchKind.NOT_THERE: _l(
        "Do not pay again. Look for the payment on Stripe’s own pages; if it is not there, write "
        "to Stripe with the reference."
    ),
    MismatchKind.AMOUNT: _l(
        "Compare both amounts with what was approved. Ask Stripe about the difference."
    ),
    MismatchKind.TWICE: _l(
        "Ask the organisation that was paid to send the second amount back, or reverse the "
        "transfer on Stripe’s own pages."
    ),
    MismatchKind.BALANCE: _l(
        "Nothing that was moved explains this difference. Give it to whoever keeps the account."
    ),
}


class MismatchState(StrEnum):
    """Whether somebody still has to do something about it."""

    OPEN = "open"
    EXPLAINED = "explained"
    SETTLED = "settled"


MISMATCH_STATES = {
    MismatchState.OPEN: _l("Open"),
    MismatchState.EXPLAINED: _l("Explained"),
    MismatchState.SETTLED: _l("Gone"),
}


class Reconciliation(db.Model):
    """One comparison; all moments are technical time. Pence: the balance here and at Stripe."""

    __tablename__ = "reconciliation"
    __privacy__ = classified(
        none="id body_id compared_from compared_until pence_here pence_there moved differences"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("stripe_account.organisation_id"))
    compared_from: Mapped[datetime]
    compared_until: Mapped[datetime]
    pence_here: Mapped[int] = mapped_column(BigInteger)
    pence_there: Mapped[int] = mapped_column(BigInteger)
    # How many movements were compared, and how many differences stood open afterwards.
    moved: Mapped[int]
    differences: Mapped[int]

    __table_args__ = (
        CheckConstraint("moved >= 0 AND differences >= 0", name="counts_not_negative"),
        Index("ix_reconciliation_body", "body_id", "compared_until"),
    )


class Mismatch(db.Model):
    """One difference, found as often as it stands, kept once.

    `cause` is the posting's ("payment:transferred"), `reference` Stripe's name of what moved.
    """

    __tablename__ = "mismatch"
    __privacy__ = classified(
        none="id body_id kind cause reference pence_here pence_there state owner_id found_at "
        "moved_at explained_at explained_by_id settled_at",
        personal="note",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    body_id: Mapped[UUID] = mapped_column(ForeignKey("stripe_account.organisation_id"))
    kind: Mapped[MismatchKind] = mapped_column(db_enum(MismatchKind))
    cause: Mapped[str] = mapped_column(String(60))
    reference: Mapped[str] = mapped_column(String(120))
    pence_here: Mapped[int] = mapped_column(BigInteger)
    pence_there: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[MismatchState] = mapped_column(db_enum(MismatchState), default=MismatchState.OPEN)
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Encrypted("mismatch.note"), default="")
    found_at: Mapped[datetime]
    moved_at: Mapped[datetime]
    explained_at: Mapped[datetime | None]
    explained_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    settled_at: Mapped[datetime | None]

    body: Mapped[StripeAccount] = relationship()

    __table_args__ = (
        UniqueConstraint("body_id", "kind", "cause", "reference"),
        CheckConstraint(
            "state <> 'explained' OR explained_by_id IS NOT NULL", name="explained_by_somebody"
        ),
        CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name="settled_when"),
        Index("ix_mismatch_state", "body_id", "state", "found_at"),
    )
