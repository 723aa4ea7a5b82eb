"""The evaluation of one lot's opened bids: panel, scores, moderated scores, ranking."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.models import Bid
from lots.models import Lot, LotCriterion
from marketplace.accounts.models import Person
from marketplace.database import Encrypted, classified, db, db_enum, new_id

TOP_SCORE = 4

# The anchored scale (domain, section 6).
SCALE = {
    4: _l("4: excellent. Answers in full, with convincing evidence and nothing to be desired"),
    3: _l("3: good. Answers in full, with evidence and only minor gaps"),
    2: _l("2: fair. Answers most of it; some evidence is missing or weak"),
    1: _l("1: poor. Answers little of it, or with hardly any evidence"),
    0: _l("0: not answered, or not acceptable"),
}


class EvaluationState(StrEnum):
    """How far the evaluation of a lot has come."""

    SCORING = "scoring"
    MODERATING = "moderating"
    PRICED = "priced"
    RECOMMENDED = "recommended"
    DECIDED = "decided"


EVALUATION_STATES = {
    EvaluationState.SCORING: _l("Scoring"),
    EvaluationState.MODERATING: _l("Moderation"),
    EvaluationState.PRICED: _l("Ranked"),
    EvaluationState.RECOMMENDED: _l("To be decided"),
    EvaluationState.DECIDED: _l("Decided"),
}


class SeatState(StrEnum):
    """Where one evaluator stands."""

    ASSIGNED = "assigned"
    SCORING = "scoring"
    LOCKED = "locked"
    STOOD_DOWN = "stood_down"


SEAT_STATES = {
    SeatState.ASSIGNED: _l("To declare"),
    SeatState.SCORING: _l("Scoring"),
    SeatState.LOCKED: _l("Scores locked"),
    SeatState.STOOD_DOWN: _l("Off the panel"),
}


class Evaluation(db.Model):
    """One for each opened lot."""

    __tablename__ = "evaluation"
    __privacy__ = classified(none="id lot_id state started_at quality_locked_at prices_opened_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    state: Mapped[EvaluationState] = mapped_column(
        db_enum(EvaluationState), default=EvaluationState.SCORING
    )
    started_at: Mapped[datetime]
    quality_locked_at: Mapped[datetime | None]
    prices_opened_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship()
    panel: Mapped[list[PanelMember]] = relationship(
        back_populates="evaluation", order_by="PanelMember.assigned_at"
    )


class PanelMember(db.Model):
    """One evaluator's seat on the panel, acting for `organisation_id`."""

    __tablename__ = "panel_member"
    __privacy__ = classified(
        none="id evaluation_id person_id organisation_id state assigned_at declared_at locked_at "
        "conflict",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[SeatState] = mapped_column(db_enum(SeatState), default=SeatState.ASSIGNED)
    assigned_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    conflict: Mapped[bool | None]
    locked_at: Mapped[datetime | None]

    evaluation: Mapped[Evaluation] = relationship(back_populates="panel")
    person: Mapped[Person] = relationship(lazy="selectin")
    scores: Mapped[list[Score]] = relationship(back_populates="member")

    __table_args__ = (
        UniqueConstraint("evaluation_id", "person_id"),
        Index("ix_panel_member_person_id_state", "person_id", "state"),
    )

    @property
    def reads(self) -> bool:
        """Bids are visible once no conflict has been declared."""
        return self.state in (SeatState.SCORING, SeatState.LOCKED)


class Score(db.Model):
    """One evaluator's own score of one bid under one criterion, with its reason."""

    __tablename__ = "score"
    __privacy__ = classified(
        none="id member_id bid_id criterion_id score scored_at", personal="reason"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_member.id"))
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("lot_criterion.id"))
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(Encrypted("score.reason"))
    scored_at: Mapped[datetime]
    member: Mapped[PanelMember] = relationship(back_populates="scores")
    __table_args__ = (
        UniqueConstraint("member_id", "bid_id", "criterion_id"),
        CheckConstraint(f"score BETWEEN 0 AND {TOP_SCORE}", name="on_the_scale"),
    )


class ModeratedScore(db.Model):
    """The panel's one score of a bid under a criterion; `needed` says what a higher one needed."""

    __tablename__ = "moderated_score"
    __privacy__ = classified(
        none="id evaluation_id bid_id criterion_id score agreed_at agreed_by_id",
        personal="reason needed",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("lot_criterion.id"))
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(Encrypted("moderated_score.reason"))
    needed: Mapped[str] = mapped_column(Encrypted("moderated_score.needed"), default="")
    agreed_at: Mapped[datetime]
    agreed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    bid: Mapped[Bid] = relationship()
    criterion: Mapped[LotCriterion] = relationship()
    __table_args__ = (
        UniqueConstraint("bid_id", "criterion_id"),
        CheckConstraint(f"score BETWEEN 0 AND {TOP_SCORE}", name="on_the_scale"),
    )


class Ranking(db.Model):
    """The stored ranking with everything it was computed of, both as canonical JSON."""

    __tablename__ = "ranking"
    __privacy__ = classified(none="id evaluation_id inputs result sha256 computed_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), unique=True)
    inputs: Mapped[str] = mapped_column(Encrypted("ranking.inputs"))
    result: Mapped[str] = mapped_column(Encrypted("ranking.result"))
    sha256: Mapped[str] = mapped_column(String(64))
    computed_at: Mapped[datetime]
