"""Writing a draft: begin, answer, delete; and deleting what was left for 90 days."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from referrals.drafts.questions import Question
from referrals.eligibility import offer
from referrals.models import ReferralDraft
from referrals.permissions import ReferralPermission

KEPT_FOR = timedelta(days=90)
BATCH = 100


def begin_draft(contract_area_id: UUID, by: Acting) -> ReferralDraft:
    """A new, empty draft for this service. Raises Refused, NotYours, Refusal where it is closed."""
    check(by, ReferralPermission.REFER)
    offered = offer(contract_area_id)
    if offered is None:
        raise NotYours()
    if not offered.takes_referrals(clock.today()):
        raise Refusal(_("This service does not take referrals at present. Choose another one."))
    now = clock.now()
    draft = ReferralDraft(
        id=new_id(),
        author_id=by.person_id,
        organisation_id=by.organisation_id,
        contract_area_id=contract_area_id,
        answers="{}",
        started_at=now,
        expires_at=now + KEPT_FOR,
    )
    db.session.add(draft)
    audit.record("referral_draft:begin", subject=draft, by=by)
    return draft


def save_answer(draft_id: UUID, question: Question, answer: dict[str, Any], by: Acting) -> None:
    """Store one question's answer in the draft. Raises NotYours, Refused."""
    draft = _own(draft_id, by)
    answers = json.loads(draft.answers)
    answers[question.slug] = answer
    draft.answers = json.dumps(answers)
    audit.record("referral_draft:answer", subject=draft, by=by, fields=[question.slug])


def delete_draft(draft_id: UUID, by: Acting) -> None:
    """Delete a draft that will not be sent. Raises NotYours, Refused."""
    draft = _own(draft_id, by)
    audit.record("referral_draft:delete", subject=draft, by=by)
    db.session.delete(draft)


def _own(draft_id: UUID, by: Acting) -> ReferralDraft:
    draft = db.session.get(ReferralDraft, draft_id, with_for_update=True)
    if draft is None or draft.author_id != by.person_id:
        raise NotYours()
    check(by, ReferralPermission.REFER, draft)
    return draft


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
