"""What happened to one thing, from the record of every change, and who did it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import select

from marketplace.audit import AuditEvent
from marketplace.database import db
from marketplace.organisations.models import Organisation

MOST_STEPS = 100


class StoryStep(NamedTuple):
    """One thing that happened, and the organisation whose person did it; "" for the system."""

    event: AuditEvent
    organisation: str


def story(thing: Any) -> list[StoryStep]:
    """What happened to a thing, in its order; the last hundred steps of what was tried for days."""
    wanted = (
        select(AuditEvent, Organisation.name)
        .outerjoin(Organisation, Organisation.id == AuditEvent.organisation_id)
        .where(
            AuditEvent.subject_kind == thing.__tablename__,
            AuditEvent.subject_id == str(thing.id),
        )
        .order_by(AuditEvent.number.desc())
        .limit(MOST_STEPS)
    )
    newest_first = db.session.execute(wanted).all()
    return [StoryStep(event, name or "") for event, name in reversed(newest_first)]
