"""Posting a mail with a change, and delivering what is due.

A mail is claimed, sent outside any transaction, and recorded. After an unknown result it is sent
again with the same Message-ID: a double mail is possible, a lost one is not.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from flask import Flask, current_app, render_template, url_for
from flask_babel import force_locale, get_locale
from sqlalchemy import insert, select, update

from marketplace import clock, jobs
from marketplace.database import db, new_id, tables, write
from marketplace.outbox.carriers import carrier
from marketplace.outbox.models import MessageState, OutboxMessage
from marketplace.settings import Settings

BATCH = 50
RETRY_AFTER = timedelta(minutes=5)
MOST_ATTEMPTS = 8
log = logging.getLogger(__name__)

StillWanted = Callable[[UUID | None], bool]


def post(
    template: str,
    *,
    to: str,
    subject_id: UUID | None = None,
    facts: dict[str, Any] | None = None,
    language: str | None = None,
) -> None:
    """Put a mail beside the change that causes it; `facts` fill the template at sending.

    The template's first line is the subject, the rest the body; `link(endpoint, **values)` gives
    a full address. Facts must be JSON, and hold no personal value the mail does not need;
    `list_unsubscribe` is [endpoint, values] of the page that stops such mails.
    """
    tables().execute(
        insert(OutboxMessage.__table__),
        {
            "id": new_id(),
            "template": template,
            "language": language or str(get_locale() or "en"),
            "subject_id": subject_id,
            "recipient": to,
            "facts": json.dumps(facts or {}, default=str),
            "created_at": clock.now(),
            "due_at": clock.technical_now(),
        },
    )


def still_wanted(app: Flask, template: str, asks: StillWanted) -> None:
    """Ask `asks(subject_id)` again at the moment of sending; a no leaves the mail unsent."""
    app.extensions["still_wanted"][template] = asks


def deliver_due(now: datetime) -> int:
    """Send what is due, a batch at a time; returns how many were sent."""
    sent = 0
    while message_ids := _claim():
        sent += sum(_deliver(message_id) for message_id in message_ids)
    return sent


def _claim() -> list[UUID]:
    at = clock.technical_now()
    unsent = OutboxMessage.state.in_((MessageState.TO_SEND, MessageState.CLAIMED))
    due = (unsent, OutboxMessage.due_at <= at)
    found = list(
        db.session.scalars(
            select(OutboxMessage.id).where(*due).order_by(OutboxMessage.due_at).limit(BATCH)
        )
    )
    if not found:
        return []
    with write():
        claimed = db.session.scalars(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(found), *due)
            .values(
                state=MessageState.CLAIMED,
                due_at=at + RETRY_AFTER,
                attempts=OutboxMessage.attempts + 1,
            )
            .returning(OutboxMessage.id)
            .execution_options(synchronize_session=False)
        )
        return list(claimed)


def _deliver(message_id: UUID) -> bool:
    message = db.session.get_one(OutboxMessage, message_id)
    asks = current_app.extensions["still_wanted"].get(message.template)
    if asks is not None and not asks(message.subject_id):
        _finish(message_id, MessageState.UNWANTED)
        return False
    attempts = message.attempts
    try:
        carrier(current_app.extensions["settings"])(compose(message))
    except Exception as error:
        log.exception("mail not sent", extra={"outbox_message": str(message_id)})
        if attempts >= MOST_ATTEMPTS:
            _finish(message_id, MessageState.FAILED, type(error).__name__)
        return False
    _finish(message_id, MessageState.SENT)
    return True


def _finish(message_id: UUID, state: MessageState, failure: str | None = None) -> None:
    with write():
        db.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id)
            .values(
                state=state,
                subject_id=None,
                recipient=None,
                facts=None,
                failure=failure,
                finished_at=clock.technical_now(),
            )
        )


def compose(message: OutboxMessage) -> EmailMessage:
    """The mail in its recipient's language; always with the same Message-ID."""
    settings: Settings = current_app.extensions["settings"]
    with (
        current_app.test_request_context(base_url=settings.address),
        force_locale(message.language),
    ):
        facts = json.loads(message.facts or "{}")
        text = render_template(message.template, link=_full_address, **facts)
        stop = facts.get("list_unsubscribe")
        stops_at = _full_address(stop[0], **stop[1]) if stop else None
    subject, _separator, body = text.strip().partition("\n")
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = message.recipient
    mail["Subject"] = subject.strip()
    mail["Message-ID"] = f"<{message.id}@{settings.mail_from.rpartition('@')[2]}>"
    mail["X-Message"] = str(message.id)
    if stops_at:
        mail["List-Unsubscribe"] = f"<{stops_at}>"
    mail.set_content(body.strip() + "\n")
    return mail


def _full_address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, _external=True, **values)


def register(app: Flask) -> None:
    """Deliver the outbox at the end of every round of jobs, with what the other jobs posted."""
    app.extensions["still_wanted"] = {}
    jobs.register(app, "deliver mails", deliver_due, last=True)
