"""What people said of themselves, apart from their cases, and the figures made of it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, new_id
from referrals.models import HASH_BYTES


class EqualityAnswer(db.Model):
    """One person's answers. `link` is a keyed hash of the referral's id.

    Without the key ring nobody can tell whose answers these are, nor what they say. The day is
    left out on purpose: with it, rows and cases could be put side by side.
    """

    __tablename__ = "equality_answer"
    __privacy__ = classified(none="id", personal="link", special="answers")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    link: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), unique=True)
    answers: Mapped[str] = mapped_column(Encrypted("equality_answer.answers"))


class EqualityFigure(db.Model):
    """How a group of people fared in a region in the year before `counted_on`.

    `people` were referred; of them `started`, `declined`, `completed` and `ended` (in any way after
    a start). `wait_days` is the median from sending to the first meeting, None before any start.
    """

    __tablename__ = "equality_figure"
    __privacy__ = classified(
        none="region_code characteristic group_code counted_on people started declined completed "
        "ended wait_days"
    )
    region_code: Mapped[str] = mapped_column(String(10), primary_key=True)
    characteristic: Mapped[str] = mapped_column(String(20), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(20), primary_key=True)
    counted_on: Mapped[date]
    people: Mapped[int]
    started: Mapped[int]
    declined: Mapped[int]
    completed: Mapped[int]
    ended: Mapped[int]
    wait_days: Mapped[int | None]
    __table_args__ = (Index("ix_equality_figure_region", "region_code"),)
