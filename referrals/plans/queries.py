"""Reading plans: the version in force, the draft, those before, and what changed between two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from marketplace.accounts.models import Person
from marketplace.database import db
from marketplace.overtaken import fingerprint
from marketplace.permissions import NotYours
from referrals.delivery.models import CAME, CaseSession, Method
from referrals.models import ReferralOutcome
from referrals.plans.kinds import OTHER, label_of
from referrals.plans.models import (
    ActionPlan,
    Doer,
    Frequency,
    PlanActivity,
    PlanComment,
    PlanState,
)


@dataclass(frozen=True)
class Said:
    """What somebody says of one activity."""

    outcome_id: UUID
    kind_code: str
    words: str | None
    doer: Doer
    frequency: Frequency
    method: Method
    by_on: date


def said_of(activity: PlanActivity) -> Said:
    """An activity as it is stored now."""
    return Said(
        activity.outcome_id,
        activity.kind_code,
        activity.words,
        activity.doer,
        activity.frequency,
        activity.method,
        activity.by_on,
    )


@dataclass(frozen=True)
class Shown:
    """One activity as a page shows it, in the reader's language; `words` say more than the name."""

    activity: PlanActivity

    @property
    def name(self) -> str:
        """The name of its kind; of something else, the words for it."""
        return self._other or label_of(self.activity.kind_code)

    @property
    def words(self) -> str | None:
        """What was said besides, where anything was."""
        return None if self._other else self.activity.words

    @property
    def _other(self) -> str | None:
        return self.activity.words if self.activity.kind_code == OTHER else None


@dataclass(frozen=True)
class Plan:
    """One version with its activities in order."""

    plan: ActionPlan
    author: str
    activities: Sequence[PlanActivity]

    def about(self, outcome_id: UUID) -> list[Shown]:
        """The activities for one outcome."""
        return [Shown(each) for each in self.activities if each.outcome_id == outcome_id]

    @property
    def seen(self) -> str:
        """Says whether the version has changed since it was read."""
        return fingerprint([self.plan.sessions, [seen_of(each) for each in self.activities]])


def seen_of(activity: PlanActivity) -> str:
    """Says whether an activity has changed since it was read."""
    said = said_of(activity)
    return fingerprint([str(activity.id), *(str(value) for value in vars(said).values())])


def current(referral_id: UUID) -> Plan | None:
    """The plan in force, None before one was sent."""
    return _one(ActionPlan.referral_id == referral_id, ActionPlan.state == PlanState.SENT)


def draft(referral_id: UUID) -> Plan | None:
    """The version being written, None where none is."""
    return _one(ActionPlan.referral_id == referral_id, ActionPlan.state == PlanState.DRAFT)


def sent_version(referral_id: UUID, version: int) -> Plan:
    """A version that was sent. Raises NotYours where there is none of this number."""
    found = _one(
        ActionPlan.referral_id == referral_id,
        ActionPlan.version == version,
        ActionPlan.sent_at.is_not(None),
    )
    if found is None:
        raise NotYours()
    return found


def _one(*conditions: Any) -> Plan | None:
    found = db.session.execute(
        select(ActionPlan, Person.name)
        .join(Person, Person.id == func.coalesce(ActionPlan.sent_by_id, ActionPlan.begun_by_id))
        .where(*conditions)
    ).one_or_none()
    if found is None:
        return None
    activities = db.session.scalars(
        select(PlanActivity)
        .where(PlanActivity.plan_id == found[0].id)
        .order_by(PlanActivity.position, PlanActivity.id)
    ).all()
    return Plan(found[0], found[1], activities)


def versions_sent(referral_id: UUID) -> Sequence[tuple[int, datetime]]:
    """(version, moment sent) of every version that was sent, the newest first."""
    rows = db.session.execute(
        select(ActionPlan.version, ActionPlan.sent_at)
        .where(ActionPlan.referral_id == referral_id, ActionPlan.sent_at.is_not(None))
        .order_by(ActionPlan.version.desc())
    )
    return [(version, sent_at) for version, sent_at in rows if sent_at is not None]


def comments_on(referral_id: UUID) -> Sequence[tuple[PlanComment, str, int]]:
    """Every comment with its author's name and the version it speaks of, the oldest first."""
    rows = db.session.execute(
        select(PlanComment, Person.name, ActionPlan.version)
        .join(ActionPlan, ActionPlan.id == PlanComment.plan_id)
        .join(Person, Person.id == PlanComment.by_id)
        .where(ActionPlan.referral_id == referral_id)
        .order_by(PlanComment.at, PlanComment.id)
    )
    return [(comment, name, version) for comment, name, version in rows]


def sessions_held(referral_id: UUID) -> int:
    """To how many sessions the person came."""
    of_case = (CaseSession.referral_id == referral_id, CaseSession.attendance.in_(CAME))
    return db.session.scalar(select(func.count()).select_from(CaseSession).where(*of_case)) or 0


def outcomes_fixed(referral_id: UUID) -> bool:
    """Whether a plan in force fixes the chosen outcomes: until a new version is being written."""
    states = set(
        db.session.scalars(select(ActionPlan.state).where(ActionPlan.referral_id == referral_id))
    )
    return PlanState.SENT in states and PlanState.DRAFT not in states


def chosen_outcomes(referral_id: UUID) -> dict[UUID, str]:
    """The need of each chosen outcome."""
    rows = db.session.execute(
        select(ReferralOutcome.id, ReferralOutcome.need_code).where(
            ReferralOutcome.referral_id == referral_id, ReferralOutcome.dropped_at.is_(None)
        )
    )
    return {outcome_id: need for outcome_id, need in rows}
