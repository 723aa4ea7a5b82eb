"""What the product is about to mail, read from the outbox."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from marketplace.database import db
from marketplace.outbox.models import OutboxMessage


def mails_to(address: str) -> list[OutboxMessage]:
    """The undelivered mails to this address, oldest first."""
    waiting = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.due_at)).all()
    return [mail for mail in waiting if mail.recipient == address]


def facts_of_last_mail(address: str) -> dict[str, Any]:
    """What fills the template of the newest mail to this address."""
    return json.loads(mails_to(address)[-1].facts or "{}")
