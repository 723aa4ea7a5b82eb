"""Drafts left alone: their author is warned once, and after 90 days they are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, func, select

from marketplace import audit, calendar, jobs, outbox
from marketplace.accounts.models import Person
from marketplace.database import db, write
from referrals.drafted import ReferralDraft

KEPT_FOR = timedelta(days=90)
WARNED_BEFORE = timedelta(days=7)
BATCH = 100
MAIL = "referrals/mail/draft_expires.txt"


def warn_of_expiry(now: datetime) -> int:
    """The job: tell each author, once, that a draft will be deleted in a week; returns how many."""
    due = select(ReferralDraft.id).where(
        ReferralDraft.expires_at <= now + WARNED_BEFORE,
        ReferralDraft.expires_at > now,
        ReferralDraft.warned_at.is_(None),
    )
    ids = db.session.scalars(due.order_by(ReferralDraft.expires_at).limit(BATCH)).all()
    return jobs.each_alone(ids, lambda each: _warn(each, now))


def _warn(draft_id: UUID, now: datetime) -> bool:
    draft = db.session.get(ReferralDraft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None or draft.warned_at is not None:
        return False
    draft.warned_at = now
    author = db.session.get_one(Person, draft.author_id)
    facts = {"draft_id": str(draft.id), "day": calendar.day_of(draft.expires_at).isoformat()}
    outbox.post(MAIL, to=author.email, subject_id=draft.id, facts=facts)
    return True


def next_warning(after: datetime) -> datetime | None:
    """When the next author is warned."""
    first = db.session.scalar(
        select(func.min(ReferralDraft.expires_at)).where(
            ReferralDraft.expires_at > after + WARNED_BEFORE, ReferralDraft.warned_at.is_(None)
        )
    )
    return first - WARNED_BEFORE if first else None


def delete_expired(now: datetime) -> int:
    """The job: delete every draft whose 90 days are over; returns how many."""
    deleted = 0
    while True:
        with write():
            expired = list(
                db.session.scalars(
                    select(ReferralDraft)
                    .where(ReferralDraft.expires_at <= now)
                    .order_by(ReferralDraft.id)
                    .limit(BATCH)
                    .with_for_update(skip_locked=True)
                )
            )
            for draft in expired:
                audit.record("referral_draft:expire", subject=draft, by=None)
            db.session.execute(
                delete(ReferralDraft).where(ReferralDraft.id.in_([each.id for each in expired]))
            )
        deleted += len(expired)
        if len(expired) < BATCH:
            return deleted


def next_expiry(after: datetime) -> datetime | None:
    """When the next draft expires."""
    return db.session.scalar(
        select(func.min(ReferralDraft.expires_at)).where(ReferralDraft.expires_at > after)
    )


def _is_there(draft_id: UUID | None) -> bool:
    return draft_id is not None and db.session.get(ReferralDraft, draft_id) is not None


def register(app: Flask) -> None:
    """The two jobs, and that nobody is warned of a draft that was sent meanwhile."""
    jobs.register(app, "warn of expiring drafts", warn_of_expiry, next_warning)
    jobs.register(app, "delete expired drafts", delete_expired, next_expiry)
    outbox.still_wanted(app, MAIL, _is_there)
