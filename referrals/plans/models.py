"""Action plans: a version for each time the plan was sent, what it holds, and what is said of it.

A version that has been sent is never changed: a new one is copied forward from it, and takes its
place once it is sent itself.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Encrypted, classified, db, db_enum, new_id
from referrals.delivery.models import Method

MOST_SESSIONS = 200


class PlanState(StrEnum):
    """Where a version of a plan stands."""

    DRAFT = "draft"
    SENT = "sent"
    REPLACED = "replaced"


PLAN_STATES = {
    PlanState.DRAFT: _l("Being written"),
    PlanState.SENT: _l("In force"),
    PlanState.REPLACED: _l("Replaced by a newer version"),
}


class Doer(StrEnum):
    """Who does an activity."""

    CASEWORKER = "caseworker"
    PERSON = "person"
    BOTH = "both"
    PARTNER = "partner"
    ANOTHER = "another"


DOERS = {
    Doer.CASEWORKER: _l("The caseworker"),
    Doer.PERSON: _l("The person"),
    Doer.BOTH: _l("The caseworker and the person together"),
    Doer.PARTNER: _l("A partner organisation"),
    Doer.ANOTHER: _l("Somebody else"),
}


class Frequency(StrEnum):
    """How often an activity takes place."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    AS_NEEDED = "as_needed"


FREQUENCIES = {
    Frequency.ONCE: _l("Once"),
    Frequency.WEEKLY: _l("Every week"),
    Frequency.FORTNIGHTLY: _l("Every two weeks"),
    Frequency.MONTHLY: _l("Every month"),
    Frequency.AS_NEEDED: _l("When it is needed"),
}


class ActionPlan(db.Model):
    """One version of a case's plan; `sessions` is how many there are to be in all."""

    __tablename__ = "referral_plan"
    __privacy__ = classified(
        none="id referral_id version state sessions begun_by_id begun_at sent_by_id sent_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    version: Mapped[int]
    state: Mapped[PlanState] = mapped_column(db_enum(PlanState))
    sessions: Mapped[int | None]
    begun_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    begun_at: Mapped[datetime]
    sent_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("referral_id", "version"),
        CheckConstraint(f"sessions BETWEEN 1 AND {MOST_SESSIONS}", name="sessions_in_bounds"),
        CheckConstraint(
            "(state = 'draft') = (sent_at IS NULL) AND (sent_at IS NULL) = (sent_by_id IS NULL)",
            name="sent_by_somebody",
        ),
        CheckConstraint("state = 'draft' OR sessions IS NOT NULL", name="sent_whole"),
        *(
            Index(
                f"uq_referral_plan_{state}",
                "referral_id",
                unique=True,
                sqlite_where=text(f"state = '{state}'"),
                postgresql_where=text(f"state = '{state}'"),
            )
            for state in ("draft", "sent")
        ),
    )


class PlanActivity(db.Model):
    """One activity of a plan, for one chosen outcome.

    `origin_id` is the id it had in the version in which it first stood: by it two versions are
    compared. `words` say more of it, and are its only name where the kind is "other".
    """

    __tablename__ = "referral_plan_activity"
    __privacy__ = classified(
        none="id plan_id origin_id outcome_id position",
        special="kind_code words doer frequency method by_on",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("referral_plan.id"))
    origin_id: Mapped[UUID]
    outcome_id: Mapped[UUID] = mapped_column(ForeignKey("referral_outcome.id"))
    kind_code: Mapped[str] = mapped_column(String(100))
    words: Mapped[str | None] = mapped_column(Encrypted("referral_plan_activity.words"))
    doer: Mapped[Doer] = mapped_column(db_enum(Doer))
    frequency: Mapped[Frequency] = mapped_column(db_enum(Frequency))
    method: Mapped[Method] = mapped_column(db_enum(Method))
    by_on: Mapped[date]
    position: Mapped[int]
    __table_args__ = (
        CheckConstraint("kind_code != 'other' OR words IS NOT NULL", name="other_in_words"),
        UniqueConstraint("plan_id", "origin_id"),
        Index("ix_referral_plan_activity_plan", "plan_id", "position"),
        Index("ix_referral_plan_activity_outcome", "outcome_id"),
    )


class PlanComment(db.Model):
    """What either side says of a plan that was sent."""

    __tablename__ = "referral_plan_comment"
    __privacy__ = classified(none="id plan_id by_id at", special="text")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("referral_plan.id"))
    text: Mapped[str] = mapped_column(Encrypted("referral_plan_comment.text"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    __table_args__ = (Index("ix_referral_plan_comment_plan", "plan_id", "at"),)
