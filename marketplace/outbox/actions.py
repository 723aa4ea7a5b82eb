"""Posting a mail or text with a change, and delivering what is due.

A message is claimed, sent outside any transaction, and recorded. After an unknown result it is
sent again with the same id: a double message is possible, a lost one is not.
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
from marketplace.outbox.carriers import Letter, TextMessage, carrier, carries_texts
from marketplace.outbox.models import Channel, MessageState, OutboxMessage
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
    channel: Channel = Channel.MAIL,
) -> None:
    """Put a message beside the change that causes it; `facts` fill the template at sending.

    The first line of a mail's template is the subject, the rest the body; that of a text is the
    body alone. `link(endpoint, **values)` gives a full address. Facts must be JSON, and hold no
    personal value the message does not need; `list_unsubscribe` is [endpoint, values] of the page
    that stops such mails.
    """
    tables().execute(
        insert(OutboxMessage.__table__),
        {
            "id": new_id(),
            "channel": channel,
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
        carrier(current_app.extensions["settings"])(written(message))
    except Exception as error:
        log.exception("message not sent", extra={"outbox_message": str(message_id)})
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


def written(message: OutboxMessage) -> Letter:
    """The message as a carrier takes it, in its recipient's language; always with the same id."""
    if message.channel == Channel.MAIL:
        return compose(message)
    text, _facts = _rendered(message)
    return TextMessage(message.id, message.recipient or "", " ".join(text.split()))


def compose(message: OutboxMessage) -> EmailMessage:
    """The mail in its recipient's language; always with the same Message-ID."""
    settings: Settings = current_app.extensions["settings"]
    text, facts = _rendered(message)
    subject, _separator, body = text.strip().partition("\n")
    mail = EmailMessage()
    mail["From"] = settings.mail_from
    mail["To"] = message.recipient
    mail["Subject"] = subject.strip()
    mail["Message-ID"] = f"<{message.id}@{settings.mail_from.rpartition('@')[2]}>"
    mail["X-Message"] = str(message.id)
    stop = facts.get("list_unsubscribe")
    if stop:
        with current_app.test_request_context(base_url=settings.address):
            mail["List-Unsubscribe"] = f"<{_full_address(stop[0], **stop[1])}>"
    mail.set_content(body.strip() + "\n")
    return mail


def _rendered(message: OutboxMessage) -> tuple[str, dict[str, Any]]:
    settings: Settings = current_app.extensions["settings"]
    facts = json.loads(message.facts or "{}")
    with (
        current_app.test_request_context(base_url=settings.address),
        force_locale(message.language),
    ):
        return render_template(message.template, link=_full_address, **facts), facts


def texts_are_carried() -> bool:
    """Whether text messages can be sent at all; where not, none is offered."""
    return carries_texts(current_app.extensions["settings"])


def _full_address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, _external=True, **values)


def register(app: Flask) -> None:
    """Deliver the outbox at the end of every round of jobs, with what the other jobs posted."""
    app.extensions["still_wanted"] = {}
    jobs.register(app, "deliver mails", deliver_due, last=True)
