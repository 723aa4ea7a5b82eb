"""The mails of the invented history: put into the letter box at the moment each was caused.

Real mails are delivered by a job one at a time; a history has hundreds, all of them long read.
"""

from __future__ import annotations

from sqlalchemy import select

from marketplace import clock
from marketplace.database import db, write
from marketplace.outbox.actions import written
from marketplace.outbox.carriers import letter
from marketplace.outbox.models import MessageState, OutboxMessage


def deliver_history() -> int:
    """Deliver everything that waits, in one write; returns how many mails that were."""
    with write():
        waiting = db.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.state == MessageState.TO_SEND)
            .order_by(OutboxMessage.created_at)
        ).all()
        for message in waiting:
            db.session.add(letter(written(message), message.created_at))
            message.state = MessageState.SENT
            message.recipient = message.facts = None
            message.finished_at = clock.technical_now()
        return len(waiting)
