"""A question set in versions, and its questions. A published version never changes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import classified, db, db_enum, new_id
from marketplace.effective import in_welsh
from marketplace.questions.vocabulary import OF_OPTIONS, QuestionKind, SetState

__all__ = ["Question", "QuestionKind", "QuestionSet", "SetState"]

# An absent list is NULL, not the JSON word null, so that a constraint can see it.
List = JSON(none_as_null=True)


class QuestionSet(db.Model):
    """One version of the questions asked for one purpose, in force from a day on.

    `published_by_id` is empty for the versions the product came with.
    """

    __tablename__ = "question_set"
    __privacy__ = classified(
        none="id purpose version title title_cy state valid_from created_at created_by_id "
        "published_at published_by_id"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    purpose: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    title_cy: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[SetState] = mapped_column(db_enum(SetState), default=SetState.DRAFT)
    valid_from: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    questions: Mapped[list[Question]] = relationship(
        order_by="Question.position", cascade="all, delete-orphan"
    )
    __table_args__ = (
        UniqueConstraint("purpose", "version"),
        CheckConstraint("version > 0", name="version_counts_from_one"),
        CheckConstraint(
            "state = 'draft' OR (valid_from IS NOT NULL AND published_at IS NOT NULL)",
            name="published_from_a_day",
        ),
        # Versions are linear: one draft of a purpose at a time.
        Index(
            "uq_question_set_one_draft",
            "purpose",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
    )

    @property
    def name(self) -> str:
        """The title in the reader's language."""
        return (self.title_cy if in_welsh() else "") or self.title


class Question(db.Model):
    """One question; its `concept` is what an answer is about, whatever the wording.

    `options` are `{value, label, label_cy}`. `passes` says which answers pass without a person's
    judgement: None means that a person judges, an empty list that any answer passes; for one of
    several options these values pass, for any of several all these must be chosen, for a number
    it holds the least that passes. A confirmation always passes by being confirmed.
    `only_if_concept` names an earlier question of the set: this one is asked only where that one
    is asked and its answer is (or contains) one of `only_if_values`.
    """

    __tablename__ = "question"
    __privacy__ = classified(
        none="id set_id position concept kind text text_cy guidance guidance_cy why why_cy risk "
        "risk_cy readers most_words options passes needed legal only_if_concept only_if_values"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    set_id: Mapped[UUID] = mapped_column(ForeignKey("question_set.id"))
    position: Mapped[int]
    concept: Mapped[str] = mapped_column(String(60))
    kind: Mapped[QuestionKind] = mapped_column(db_enum(QuestionKind))
    text: Mapped[str] = mapped_column(Text)
    text_cy: Mapped[str] = mapped_column(Text, default="")
    guidance: Mapped[str] = mapped_column(Text, default="")
    guidance_cy: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text, default="")
    why_cy: Mapped[str] = mapped_column(Text, default="")
    risk: Mapped[str] = mapped_column(Text, default="")
    risk_cy: Mapped[str] = mapped_column(Text, default="")
    readers: Mapped[list[str]] = mapped_column(List, default=list)
    most_words: Mapped[int | None]
    options: Mapped[list[dict[str, str]]] = mapped_column(List, default=list)
    passes: Mapped[list[str] | None] = mapped_column(List)
    needed: Mapped[bool] = mapped_column(default=True)
    legal: Mapped[bool] = mapped_column(default=False)
    only_if_concept: Mapped[str | None] = mapped_column(String(60))
    only_if_values: Mapped[list[str]] = mapped_column(List, default=list)
    __table_args__ = (
        UniqueConstraint("set_id", "concept"),
        CheckConstraint("kind <> 'words' OR most_words > 0", name="words_are_limited"),
        CheckConstraint("only_if_concept <> concept", name="not_conditional_on_itself"),
    )

    @property
    def asked(self) -> str:
        """The question in the reader's language."""
        return self._in_language("text")

    @property
    def help(self) -> str:
        """The guidance in the reader's language."""
        return self._in_language("guidance")

    @property
    def reason(self) -> str:
        """Why it is asked, in the reader's language."""
        return self._in_language("why")

    @property
    def controls(self) -> str:
        """The risk it controls, in the reader's language."""
        return self._in_language("risk")

    @property
    def labels(self) -> dict[str, str]:
        """The options' values to their labels in the reader's language; empty without options."""
        if self.kind not in OF_OPTIONS:
            return {}
        cy = in_welsh()
        return {
            each["value"]: (each.get("label_cy") if cy else "") or each["label"]
            for each in self.options or []
        }

    def _in_language(self, name: str) -> str:
        welsh: Any = getattr(self, f"{name}_cy") if in_welsh() else ""
        return welsh or getattr(self, name)
