"""Public news of lots, who reads them, and what was answered without a name."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.models import Lot
from lots.pipeline.vocabulary import Choice, News, Subject
from lots.vocabulary import ValueBand
from marketplace import append_only
from marketplace.database import Encrypted, classified, db, db_enum, new_id


class LotNews(db.Model):
    """One thing that became public about a lot; `number` counts all news of all lots from 1."""

    __tablename__ = "lot_news"
    __privacy__ = classified(none="number lot_id kind at")
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[News] = mapped_column(db_enum(News))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_lot_news_lot_id", "lot_id", "number"),)


append_only.guard(LotNews.__table__)


class NewsHead(db.Model):
    """The number of the last news; locked while news are numbered, so that none overtakes."""

    __tablename__ = "lot_news_head"
    __privacy__ = classified(none="id count")
    id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class LotListing(db.Model):
    """Where a public lot stands in the feeds: at the number and moment of its last news."""

    __tablename__ = "lot_listing"
    __privacy__ = classified(none="lot_id number changed_at")
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    changed_at: Mapped[datetime]
    lot: Mapped[Lot] = relationship()
    __table_args__ = (Index("ix_lot_listing_changed_at", "changed_at"),)


class Reader(db.Model):
    """An address that asked for mail about lots, with an account or without.

    Its hash has a key of its own, so that no row ties it to a person or an organisation.
    `told_to` is the number of the news up to which its digests tell; `digest_on` London's day of
    the last one.
    """

    __tablename__ = "lot_reader"
    __privacy__ = classified(none="id language told_to digest_on", personal="email email_hash")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(Encrypted("lot_reader.email"))
    email_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    language: Mapped[str] = mapped_column(String(5), default="en")
    told_to: Mapped[int] = mapped_column(BigInteger)
    digest_on: Mapped[date | None]
    alerts: Mapped[list[Alert]] = relationship(order_by="Alert.id")
    __table_args__ = (Index("ix_lot_reader_told_to", "told_to", "digest_on"),)


class Alert(db.Model):
    """A wish to hear of new lots; what is empty or None means any.

    Counts only once `confirmed`: anybody may type anybody's address. `asked_at` is technical time.
    """

    __tablename__ = "lot_alert"
    __privacy__ = classified(
        none="id reader_id service_code region_code area_code band confirmed asked_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("lot_reader.id"))
    service_code: Mapped[str] = mapped_column(String(60), default="")
    region_code: Mapped[str] = mapped_column(String(10), default="")
    area_code: Mapped[str] = mapped_column(String(60), default="")
    band: Mapped[ValueBand | None] = mapped_column(db_enum(ValueBand))
    confirmed: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime]
    reader: Mapped[Reader] = relationship(back_populates="alerts")
    __table_args__ = (
        Index("ix_lot_alert_reader_id", "reader_id"),
        Index("ix_lot_alert_confirmed", "confirmed", "asked_at"),
    )


class Follow(db.Model):
    """A reader with an account who follows a lot; nobody else learns of it, not even the number."""

    __tablename__ = "lot_follow"
    __privacy__ = classified(none="id lot_id reader_id")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    reader_id: Mapped[UUID] = mapped_column(ForeignKey("lot_reader.id"))
    reader: Mapped[Reader] = relationship()
    __table_args__ = (
        UniqueConstraint("lot_id", "reader_id"),
        Index("ix_lot_follow_reader_id", "reader_id"),
    )


class HeldAnswer(db.Model):
    """An anonymous answer that waits for company, encrypted and all of one length.

    No row says whose it is or when it came (decision 0015).
    """

    __tablename__ = "held_answer"
    __privacy__ = classified(none="id lot_id subject", personal="sealed")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    subject: Mapped[Subject] = mapped_column(db_enum(Subject))
    sealed: Mapped[str] = mapped_column(Encrypted("held_answer.sealed"))
    __table_args__ = (Index("ix_held_answer_lot_id", "lot_id", "subject"),)


class ReleasedAnswer(db.Model):
    """An anonymous answer as it is counted; three and more were released together, shuffled."""

    __tablename__ = "released_answer"
    __privacy__ = classified(none="id lot_id subject choice obstacles", personal="text")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    subject: Mapped[Subject] = mapped_column(db_enum(Subject))
    choice: Mapped[Choice] = mapped_column(db_enum(Choice))
    obstacles: Mapped[list[str]] = mapped_column(JSON, default=list)
    text: Mapped[str | None] = mapped_column(Encrypted("released_answer.text"))
    __table_args__ = (
        Index("ix_released_answer_lot_id", "lot_id", "subject"),
        CheckConstraint(
            "(subject = 'viability') = (choice IN ('yes', 'changes', 'no'))", name="choice_fits"
        ),
    )


class ViabilityToken(db.Model):
    """That an organisation has answered about a lot: a keyed hash of both, and nothing else."""

    __tablename__ = "viability_token"
    __privacy__ = classified(none="token")
    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class WhyNotInvitation(db.Model):
    """A link, good once, that asks why somebody did not bid; says neither whom nor when."""

    __tablename__ = "why_not_invitation"
    __privacy__ = classified(none="id lot_id used")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    used: Mapped[bool] = mapped_column(default=False)
    lot: Mapped[Lot] = relationship()
    __table_args__ = (Index("ix_why_not_invitation_lot_id", "lot_id"),)
