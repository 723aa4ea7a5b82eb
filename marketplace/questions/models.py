"""A question set in versions, and its questions. A published version never changes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import classified, db, db_enum, new_id


class QuestionKind(StrEnum):
    """How a question is answered: in words, or by a yes without which it is not passed."""

    WORDS = "words"
    CONFIRM = "confirm"


class QuestionSet(db.Model):
    """One version of the questions asked for one purpose, in force from a day on."""

    __tablename__ = "question_set"
    __privacy__ = classified(none="id purpose version valid_from")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    valid_from: Mapped[date]
    questions: Mapped[list[Question]] = relationship(order_by="Question.position")
    __table_args__ = (UniqueConstraint("purpose", "version"),)


class Question(db.Model):
    """One question; its `concept` is what an answer is about, whatever the wording."""

    __tablename__ = "question"
    __privacy__ = classified(
        none="id set_id position concept kind text text_cy why why_cy most_words legal"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    set_id: Mapped[UUID] = mapped_column(ForeignKey("question_set.id"))
    position: Mapped[int]
    concept: Mapped[str] = mapped_column(String(60))
    kind: Mapped[QuestionKind] = mapped_column(db_enum(QuestionKind))
    text: Mapped[str] = mapped_column(Text)
    text_cy: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    why_cy: Mapped[str] = mapped_column(Text)
    most_words: Mapped[int | None]
    legal: Mapped[bool]
    __table_args__ = (
        UniqueConstraint("set_id", "concept"),
        CheckConstraint("kind <> 'words' OR most_words > 0", name="words_are_limited"),
    )

    @property
    def asked(self) -> str:
        """The question in the reader's language."""
        return self.text_cy if _welsh() else self.text

    @property
    def reason(self) -> str:
        """Why it is asked, in the reader's language."""
        return self.why_cy if _welsh() else self.why


def _welsh() -> bool:
    locale = get_locale()
    return locale is not None and locale.language == "cy"
