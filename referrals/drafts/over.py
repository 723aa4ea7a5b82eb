"""A draft that is no longer there: its author is told what became of it, and loses nothing."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Flask, render_template, request
from sqlalchemy import ColumnElement, select

from marketplace.acting import Acting
from marketplace.audit import AuditEvent
from marketplace.database import db
from marketplace.permissions import NotYours
from marketplace.web.errors import typed_texts
from referrals.drafted import ReferralDraft
from referrals.models import Referral
from referrals.permissions import visible_to


@dataclass(eq=False)
class DraftOver(NotYours):
    """The acting person's own draft was sent, as `reference`, or deleted where that is None.

    `referral_id` is None where they may not see the case any more.
    """

    referral_id: UUID | None = None
    reference: str | None = None


def missing(draft_id: UUID, by: Acting) -> NotYours:
    """Why a draft cannot be read: sent or deleted by its author, or none of this person's."""
    sees: ColumnElement[bool] = visible_to(by)
    sent = db.session.execute(
        select(Referral.id, Referral.reference, sees.label("sees")).where(
            Referral.send_key == str(draft_id), Referral.author_id == by.person_id
        )
    ).one_or_none()
    if sent is not None:
        return DraftOver(sent.id if sent.sees else None, sent.reference)
    # A draft is written by one person alone: whoever has left a trace on it was its author.
    trace = select(AuditEvent.number).where(
        AuditEvent.subject_kind == ReferralDraft.__tablename__,
        AuditEvent.subject_id == str(draft_id),
        AuditEvent.person_id == by.person_id,
    )
    is_there = select(ReferralDraft.id).where(ReferralDraft.id == draft_id)
    if db.session.scalar(is_there) is None and db.session.scalar(trace.limit(1)) is not None:
        return DraftOver()
    return NotYours()


def _answer(error: DraftOver) -> tuple[str, int]:
    page = render_template("referrals/drafts/over.html", over=error, typed=typed_texts())
    return page, 409 if request.method == "POST" else 410


def register(app: Flask) -> None:
    """The page for it."""
    app.register_error_handler(DraftOver, _answer)
