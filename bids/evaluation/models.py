"""The evaluation of one lot's opened bids: panel, scores, moderated scores, ranking."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bids.evaluation.vocabulary import Answer, GoesBy, LeftBecause, Mark
from bids.models import Bid
from lots.models import Lot, LotCriterion
from marketplace import calendar, clock
from marketplace.accounts.models import Person
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation

TOP_SCORE = 4
YES, NO = "1", "0"
# Own scores this far apart are talked about first.
APART = 2
# How long a panel has where its officer says nothing else (policy).
SCORING_WORKING_DAYS = 10

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
    DECLARED = "declared"
    SCORING = "scoring"
    LOCKED = "locked"
    STOOD_DOWN = "stood_down"


SEAT_STATES = {
    SeatState.ASSIGNED: _l("To declare"),
    SeatState.DECLARED: _l("Interest to decide on"),
    SeatState.SCORING: _l("Scoring"),
    SeatState.LOCKED: _l("Scores locked"),
    SeatState.STOOD_DOWN: _l("Off the panel"),
}


def first_due() -> date:
    """The day by which a panel that begins today is to have scored."""
    return calendar.add_working_days(clock.today(), SCORING_WORKING_DAYS)


class Evaluation(db.Model):
    """One for each opened lot. `scores_due_on` is the day by whose end own scores are expected."""

    __tablename__ = "evaluation"
    __privacy__ = classified(
        none="id lot_id state started_at scores_due_on quality_locked_at prices_opened_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), unique=True)
    state: Mapped[EvaluationState] = mapped_column(
        db_enum(EvaluationState), default=EvaluationState.SCORING
    )
    started_at: Mapped[datetime]
    scores_due_on: Mapped[date | None] = mapped_column(default=first_due)
    quality_locked_at: Mapped[datetime | None]
    prices_opened_at: Mapped[datetime | None]

    lot: Mapped[Lot] = relationship()
    panel: Mapped[list[PanelMember]] = relationship(
        back_populates="evaluation", order_by="PanelMember.assigned_at, PanelMember.id"
    )
    __table_args__ = (Index("ix_evaluation_state_scores_due_on", "state", "scores_due_on"),)

    @property
    def is_late(self) -> bool:
        """The day by which scores were expected is over."""
        due = self.scores_due_on
        return due is not None and clock.now() >= calendar.end_of(due)


class PanelMember(db.Model):
    """One evaluator's seat on the panel, acting for `organisation_id`.

    `lived_experience` is YES or NO, whether the person was asked for it: sealed, since it says that
    they were on probation or close to it. `replaces_id` is the seat whose criteria it took over.
    `goes_by` and `uses_keys` are the evaluator's own choices for the scoring pages. What a seat
    given up has scored stays, unheard.
    """

    __tablename__ = "panel_member"
    __privacy__ = classified(
        none="id evaluation_id person_id organisation_id state replaces_id assigned_at "
        "declared_at locked_at left_at left_because conflict goes_by uses_keys",
        special="lived_experience",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    state: Mapped[SeatState] = mapped_column(db_enum(SeatState), default=SeatState.ASSIGNED)
    lived_experience: Mapped[str] = mapped_column(
        Encrypted("panel_member.lived_experience"), default=NO
    )
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("panel_member.id"), unique=True)
    assigned_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    conflict: Mapped[bool | None]
    locked_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    left_because: Mapped[LeftBecause | None] = mapped_column(db_enum(LeftBecause))
    goes_by: Mapped[GoesBy] = mapped_column(db_enum(GoesBy), default=GoesBy.BID)
    uses_keys: Mapped[bool] = mapped_column(default=True)

    evaluation: Mapped[Evaluation] = relationship(back_populates="panel")
    person: Mapped[Person] = relationship(lazy="selectin")
    organisation: Mapped[Organisation] = relationship(lazy="selectin")
    allocations: Mapped[list[PanelCriterion]] = relationship(
        order_by="PanelCriterion.given_at, PanelCriterion.id", lazy="selectin"
    )

    __table_args__ = (
        UniqueConstraint("evaluation_id", "person_id"),
        CheckConstraint("replaces_id <> id", name="replaces_another"),
        CheckConstraint("(left_at IS NULL) = (left_because IS NULL)", name="left_for_a_reason"),
        Index("ix_panel_member_person_id_state", "person_id", "state"),
    )

    @property
    def reads(self) -> bool:
        """Answers are visible once no conflict has been declared, or it was decided to keep."""
        return self.state in (SeatState.SCORING, SeatState.LOCKED)

    @property
    def lived(self) -> bool:
        """The seat is one for lived experience."""
        return self.lived_experience == YES

    @property
    def sits(self) -> bool:
        """The seat is not given up."""
        return self.state != SeatState.STOOD_DOWN

    @property
    def criteria(self) -> set[UUID]:
        """The criteria allocated to the seat now."""
        return {each.criterion_id for each in self.allocations if each.ended_at is None}

    @property
    def last_criteria(self) -> set[UUID]:
        """The criteria of the seat, or those it had when it was given up."""
        return {each.criterion_id for each in self.allocations if each.ended_at == self.left_at}


class PanelCriterion(db.Model):
    """A criterion allocated to a seat, from when until when and by whom; ended rows are history."""

    __tablename__ = "panel_criterion"
    __privacy__ = classified(
        none="id member_id criterion_id given_at given_by_id ended_at ended_by_id"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_member.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("lot_criterion.id"))
    given_at: Mapped[datetime]
    given_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        CheckConstraint("ended_at >= given_at", name="ends_after_it_began"),
        Index("ix_panel_criterion_member_id", "member_id"),
        Index(
            "uq_panel_criterion_in_force",
            "member_id",
            "criterion_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class PanelDeclaration(db.Model):
    """What an evaluator declared, `what` the interest is, and what an officer decided on it.

    `tied_to` names the organisations that the product itself found the evaluator to belong to.
    """

    __tablename__ = "panel_declaration"
    __privacy__ = classified(
        none="id member_id answer declared_at kept decided_by_id decided_at",
        personal="what tied_to reason",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_member.id"))
    answer: Mapped[Answer] = mapped_column(db_enum(Answer))
    what: Mapped[str] = mapped_column(Encrypted("panel_declaration.what"), default="")
    tied_to: Mapped[str] = mapped_column(Encrypted("panel_declaration.tied_to"), default="")
    declared_at: Mapped[datetime]
    kept: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Encrypted("panel_declaration.reason"), default="")
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]

    member: Mapped[PanelMember] = relationship()

    __table_args__ = (
        CheckConstraint("(kept IS NULL) = (decided_at IS NULL)", name="decided_at_some_time"),
        CheckConstraint("answer <> 'no' OR kept IS NULL", name="none_needs_no_decision"),
        Index("ix_panel_declaration_member_id", "member_id", "declared_at"),
    )


class PanelReminder(db.Model):
    """An evaluator was written to: by the job once for each mark and due day, or by an officer."""

    __tablename__ = "panel_reminder"
    __privacy__ = classified(none="id member_id mark due_on sent_at sent_by_id")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[UUID] = mapped_column(ForeignKey("panel_member.id"))
    mark: Mapped[Mark] = mapped_column(db_enum(Mark))
    due_on: Mapped[date | None]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        CheckConstraint("mark = 'button' OR due_on IS NOT NULL", name="marks_have_a_day"),
        Index("ix_panel_reminder_member_id", "member_id", "sent_at"),
        Index(
            "uq_panel_reminder_mark",
            "member_id",
            "mark",
            "due_on",
            unique=True,
            sqlite_where=text("mark <> 'button'"),
            postgresql_where=text("mark <> 'button'"),
        ),
    )


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
    member: Mapped[PanelMember] = relationship()
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
    evaluation_id: Mapped[UUID] = mapped_column(ForeignKey("evaluation.id"), index=True)
    bid_id: Mapped[UUID] = mapped_column(ForeignKey("bid.id"))
    criterion_id: Mapped[UUID] = mapped_column(ForeignKey("lot_criterion.id"))
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(Encrypted("moderated_score.reason"))
    needed: Mapped[str] = mapped_column(Encrypted("moderated_score.needed"), default="")
    agreed_at: Mapped[datetime]
    agreed_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
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
