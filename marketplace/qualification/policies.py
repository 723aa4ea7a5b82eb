"""The numbers of qualification, in versions that the framework team publishes on screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import classified, db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from marketplace.qualification.permissions import QualificationPermission

# The defaults of the domain, section 3; each is policy, not law.
FIRST = {
    "decision_days": 10,
    "escalation_days": 15,
    "correction_days": 10,
    "answer_days": 10,
    "reconfirmation_months": 12,
    "grace_days": 30,
}
FIRST_DAY = date(2021, 1, 1)
MOST_SHOWN = 20


class QualificationPolicy(db.Model):
    """One version, in force from a day on until the next one's; never changed once published.

    Decision, escalation, correction and answer are working days; the grace is calendar days.
    """

    __tablename__ = "qualification_policy"
    __privacy__ = classified(
        none="id version valid_from decision_days escalation_days correction_days answer_days "
        "reconfirmation_months grace_days published_at published_by_id"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    version: Mapped[int] = mapped_column(unique=True)
    valid_from: Mapped[date]
    decision_days: Mapped[int]
    escalation_days: Mapped[int]
    correction_days: Mapped[int]
    answer_days: Mapped[int]
    reconfirmation_months: Mapped[int]
    grace_days: Mapped[int]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    __table_args__ = (
        UniqueConstraint("valid_from"),
        CheckConstraint("escalation_days > decision_days", name="escalated_later"),
        CheckConstraint(
            "decision_days > 0 AND correction_days > 0 AND answer_days > 0 "
            "AND reconfirmation_months > 0 AND grace_days >= 0",
            name="numbers_make_sense",
        ),
    )


def load_first_policy() -> None:
    """Add the first version where there is none."""
    if db.session.scalar(select(QualificationPolicy.id).limit(1)) is None:
        db.session.add(QualificationPolicy(version=1, valid_from=FIRST_DAY, **FIRST))
        db.session.flush()


def policy_on(day: date) -> QualificationPolicy:
    """The version in force on `day`. Raises LookupError where none was loaded."""
    found = db.session.scalars(
        select(QualificationPolicy)
        .where(QualificationPolicy.valid_from <= day)
        .order_by(QualificationPolicy.valid_from.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        raise LookupError("no policy of qualification: run load-reference")
    return found


def policy_now() -> QualificationPolicy:
    """The version in force today."""
    return policy_on(clock.today())


def versions() -> Sequence[QualificationPolicy]:
    """The last versions, the newest first, those not yet in force included."""
    newest = select(QualificationPolicy).order_by(QualificationPolicy.version.desc())
    return db.session.scalars(newest.limit(MOST_SHOWN)).all()


def publish_policy(numbers: Mapping[str, int], valid_from: date, by: Acting) -> QualificationPolicy:
    """Publish the next version, in force from `valid_from`.

    Clocks that run already keep their days. Raises Refusal where the day is past or not after
    that of every version before.
    """
    check(by, QualificationPermission.PUBLISH_POLICY)
    locked = select(QualificationPolicy).order_by(QualificationPolicy.version).with_for_update()
    known = db.session.scalars(locked).all()
    if valid_from < clock.today():
        raise Refusal(_("A new version cannot begin in the past. Choose today or a later day."))
    if any(each.valid_from >= valid_from for each in known):
        raise Refusal(
            _("Another version begins on that day or later. Choose a day after all the others.")
        )
    last = db.session.scalar(select(func.max(QualificationPolicy.version))) or 0
    made = QualificationPolicy(
        id=new_id(),
        version=last + 1,
        valid_from=valid_from,
        published_at=clock.now(),
        published_by_id=by.person_id,
        **numbers,
    )
    db.session.add(made)
    audit.record(
        "qualification_policy:publish", subject=made, by=by, facts={"version": made.version}
    )
    return made
