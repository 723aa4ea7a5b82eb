"""The market's policy in versions: its numbers, its caps and its rules.

A published version never changes, so that a lot can say by which it was judged.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lots.proportionality.vocabulary import Basis, PolicyState
from lots.vocabulary import Level, Route
from marketplace.database import classified, db, db_enum, new_id


class MarketPolicy(db.Model):
    """One version; what each number means stands at `policy.Policy`.

    `published_by_id` is empty for the version that the product came with.
    """

    __tablename__ = "market_policy"
    __privacy__ = classified(
        none="id version state valid_from created_at created_by_id published_at published_by_id "
        "least_window_days good_window_weeks good_window_weeks_short good_term_months "
        "good_mobilisation_weeks short_form_under_pence covered_from_pence season_from_month "
        "season_from_day season_to_month season_to_day questions_cut_off_days answers_due_days "
        "extension_days material_change_days correction_days turnover_flag_percent "
        "turnover_block_percent low_price_percent most_outcome_percent "
        "base_minutes minutes_per_question minutes_per_100_words minutes_per_document "
        "minutes_per_demand small_bid_hours hour_pence usual_bidders regime"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(unique=True)
    state: Mapped[PolicyState] = mapped_column(db_enum(PolicyState), default=PolicyState.DRAFT)
    valid_from: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    least_window_days: Mapped[int]
    good_window_weeks: Mapped[int]
    good_window_weeks_short: Mapped[int]
    good_term_months: Mapped[int]
    good_mobilisation_weeks: Mapped[int]
    short_form_under_pence: Mapped[int] = mapped_column(BigInteger)
    covered_from_pence: Mapped[int] = mapped_column(BigInteger)
    season_from_month: Mapped[int]
    season_from_day: Mapped[int]
    season_to_month: Mapped[int]
    season_to_day: Mapped[int]
    questions_cut_off_days: Mapped[int]
    answers_due_days: Mapped[int]
    extension_days: Mapped[int]
    material_change_days: Mapped[int]
    correction_days: Mapped[int] = mapped_column(default=3)
    turnover_flag_percent: Mapped[int]
    turnover_block_percent: Mapped[int]
    low_price_percent: Mapped[int]
    most_outcome_percent: Mapped[int] = mapped_column(default=10)
    base_minutes: Mapped[int]
    minutes_per_question: Mapped[int]
    minutes_per_100_words: Mapped[int]
    minutes_per_document: Mapped[int]
    minutes_per_demand: Mapped[int]
    small_bid_hours: Mapped[int]
    hour_pence: Mapped[int] = mapped_column(BigInteger)
    usual_bidders: Mapped[int]
    regime: Mapped[str] = mapped_column(String(40))

    caps: Mapped[list[PolicyCap]] = relationship(
        order_by="PolicyCap.position", cascade="all, delete-orphan"
    )
    rules: Mapped[list[PolicyRule]] = relationship(
        order_by="PolicyRule.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("version > 0", name="version_counts_from_one"),
        CheckConstraint(
            "state = 'draft' OR (valid_from IS NOT NULL AND published_at IS NOT NULL)",
            name="published_from_a_day",
        ),
        CheckConstraint("least_window_days BETWEEN 1 AND 250", name="least_window_sensible"),
        CheckConstraint(
            "answers_due_days < questions_cut_off_days", name="answers_after_questions"
        ),
        CheckConstraint(
            "questions_cut_off_days < least_window_days", name="questions_within_window"
        ),
        CheckConstraint(
            "turnover_flag_percent <= turnover_block_percent", name="turnover_flag_before_block"
        ),
        CheckConstraint("low_price_percent BETWEEN 1 AND 99", name="low_price_sensible"),
        CheckConstraint("most_outcome_percent BETWEEN 0 AND 100", name="most_outcome_sensible"),
        CheckConstraint("small_bid_hours > 0 AND usual_bidders > 0", name="burden_has_a_scale"),
        CheckConstraint(
            "base_minutes >= 0 AND minutes_per_question >= 0 AND minutes_per_100_words >= 0 "
            "AND minutes_per_document >= 0 AND minutes_per_demand >= 0 AND hour_pence >= 0",
            name="effort_not_negative",
        ),
        # Versions are linear: one draft at a time.
        Index(
            "uq_market_policy_one_draft",
            "state",
            unique=True,
            sqlite_where=text("state = 'draft'"),
            postgresql_where=text("state = 'draft'"),
        ),
        Index("ix_market_policy_state_valid_from", "state", "valid_from"),
    )


class PolicyCap(db.Model):
    """One row of the caps; of those in order of `position` the first that fits a lot holds.

    `under_pence` is of the whole-life value with VAT; without it the row fits every value.
    """

    __tablename__ = "policy_cap"
    __privacy__ = classified(none="id policy_id position route under_pence questions words")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("market_policy.id"))
    position: Mapped[int]
    route: Mapped[Route | None] = mapped_column(db_enum(Route))
    under_pence: Mapped[int | None] = mapped_column(BigInteger)
    questions: Mapped[int]
    words: Mapped[int]

    __table_args__ = (
        UniqueConstraint("policy_id", "position"),
        CheckConstraint("questions > 0 AND words > 0", name="something_may_be_asked"),
        CheckConstraint("under_pence > 0", name="limit_positive"),
    )


class PolicyRule(db.Model):
    """How one version holds one rule: its level, where it comes from, and why it is there."""

    __tablename__ = "policy_rule"
    __privacy__ = classified(
        none="id policy_id position code level basis source source_cy link why why_cy overridable "
        "needs_reason"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("market_policy.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(60))
    level: Mapped[Level] = mapped_column(db_enum(Level))
    basis: Mapped[Basis] = mapped_column(db_enum(Basis))
    source: Mapped[str] = mapped_column(Text)
    source_cy: Mapped[str] = mapped_column(Text)
    link: Mapped[str] = mapped_column(Text, default="")
    why: Mapped[str] = mapped_column(Text)
    why_cy: Mapped[str] = mapped_column(Text)
    overridable: Mapped[bool]
    needs_reason: Mapped[bool]

    __table_args__ = (
        UniqueConstraint("policy_id", "code"),
        CheckConstraint("basis = 'policy' OR NOT overridable", name="law_is_not_overridden"),
    )
