"""Who holds a part of a lot's keys, and the parts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.models import Lot
from marketplace.accounts.models import Person
from marketplace.database import classified, db, new_id

FEWEST, MOST = 2, 4


class KeyHolder(db.Model):
    """One of the two to four people who hold an opening code of a lot.

    `public_key` is derived from the code, which is stored nowhere. `confirmed_at`: the holder has
    typed the code in again, so it was written down. `made_at` is evidence of when the code was
    made, shown on no page.
    """

    __tablename__ = "key_holder"
    __privacy__ = classified(none="id lot_id person_id position public_key made_at confirmed_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int]
    public_key: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship()
    person: Mapped[Person] = relationship(lazy="joined")

    __table_args__ = (
        UniqueConstraint("lot_id", "person_id"),
        UniqueConstraint("lot_id", "position"),
        CheckConstraint(f"position BETWEEN 1 AND {MOST}", name="few_holders"),
        CheckConstraint("confirmed_at IS NULL OR public_key IS NOT NULL", name="confirmed_has_key"),
        Index("ix_key_holder_person_id", "person_id"),
    )


class LotKeyShare(db.Model):
    """A holder's half of both private keys for one pair, sealed to the holder's public key.

    Together with the half of `other` for the same pair it gives the keys; alone it is random.
    """

    __tablename__ = "lot_key_share"
    __privacy__ = classified(none="id holder_id other_id sealed")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    holder_id: Mapped[UUID] = mapped_column(ForeignKey("key_holder.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("key_holder.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        UniqueConstraint("holder_id", "other_id"),
        CheckConstraint("holder_id <> other_id", name="of_two_holders"),
    )
