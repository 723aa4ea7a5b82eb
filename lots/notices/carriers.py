"""Taking notices to the central platform: its interface, or the demonstration's letter box.

With neither, a notice waits until somebody has sent it outside and records that here.
"""

from __future__ import annotations

import json
import logging
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import select, update

from lots.notices.due import name_of
from lots.notices.lifecycle import ACCEPT, NOTICE, REJECT, SEND
from lots.notices.models import Notice
from lots.notices.vocabulary import NoticeState
from marketplace import clock, jobs
from marketplace.database import changed, db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.carriers import letter
from marketplace.settings import Settings

BATCH = 50
RETRY_AFTER = timedelta(minutes=5)
TIMEOUT_SECONDS = 20
LETTER_BOX = "central-platform@notices.example"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taken:
    """What the platform gave for a notice: its reference, and an ocid where it minted one."""

    reference: str
    ocid: str = ""


Carrier = Callable[[Notice], Taken]


def platform(settings: Settings) -> Carrier:
    """Hand notices to the platform's interface; sent twice, the platform knows it by its key."""

    def send(notice: Notice) -> Taken:
        request = urllib.request.Request(
            settings.notices_address,
            data=json.dumps(document(notice)).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {settings.notices_key}",
                "Idempotency-Key": str(notice.id),
            },
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            said = json.load(answer)
        return Taken(str(said["reference"])[:100], str(said.get("ocid", ""))[:120])

    return send


def document(notice: Notice) -> dict[str, Any]:
    """The notice as it is handed over."""
    with force_locale("en"):
        name = str(name_of(notice))
    return {"id": str(notice.id), "notice": name, "regime": notice.regime, **notice.facts}


def letter_box(notice: Notice) -> Taken:
    """The practice platform of the demonstration: it shows the notice among the letters."""
    said = document(notice)
    mail = EmailMessage()
    mail["To"], mail["X-Message"] = LETTER_BOX, str(notice.id)
    mail["Subject"] = f"{said['notice']}: {said.get('title', said['buyer'])}"
    mail.set_content("".join(f"{name}: {value}\n" for name, value in said.items()))
    with write():
        db.session.add(letter(mail, notice.posted_at))
    return Taken(f"DEMO-{str(notice.id)[:8].upper()}")


def carrier(settings: Settings) -> Carrier | None:
    """The carrier these settings name; None where notices are sent outside."""
    if settings.demonstration:
        return letter_box
    return platform(settings) if settings.notices_address else None


def send_due(now: datetime) -> int:
    """Send what waits: each is claimed, sent outside any transaction, and recorded."""
    take = carrier(current_app.extensions["settings"])
    if take is None:
        return 0
    at = clock.technical_now()
    waiting = (Notice.state == NoticeState.TO_SEND, Notice.due_at <= at)
    found = select(Notice.id).where(*waiting).order_by(Notice.posted_at).limit(BATCH)
    return sum(_send(notice_id, at, take) for notice_id in db.session.scalars(found).all())


def _send(notice_id: UUID, at: datetime, take: Carrier) -> bool:
    claim = (
        update(Notice)
        .where(Notice.id == notice_id, Notice.state == NoticeState.TO_SEND, Notice.due_at <= at)
        .values(due_at=at + RETRY_AFTER, attempts=Notice.attempts + 1)
    )
    with write():
        if not changed(claim):
            return False
    notice = db.session.get_one(Notice, notice_id)
    posted_at = notice.posted_at
    try:
        taken = take(notice)
    except Exception:
        log.exception("notice not sent", extra={"notice": str(notice_id)})
        return False
    demonstration = current_app.extensions["settings"].demonstration
    sent_at = posted_at if demonstration else clock.now()
    try:
        with write():
            locked = db.session.get_one(Notice, notice_id, with_for_update=True)
            facts = {"sent_at": sent_at, "reference": taken.reference, "ocid": taken.ocid}
            NOTICE.take(SEND, locked, None, facts=facts)
    except Refusal:
        return False  # somebody recorded it as sent meanwhile
    return True


def answer_due(now: datetime) -> int:
    """The practice platform answers what it was sent: it accepts, or rejects where asked to."""
    if not current_app.extensions["settings"].demonstration:
        return 0
    sent = select(Notice.id).where(Notice.state == NoticeState.SENT).order_by(Notice.posted_at)
    return jobs.each_alone(db.session.scalars(sent.limit(BATCH)).all(), _answer)


def _answer(notice_id: UUID) -> None:
    notice = db.session.get_one(Notice, notice_id, with_for_update=True)
    step = REJECT if notice.sandbox_rejects else ACCEPT
    facts = {"answered_at": notice.sent_at, "sandbox_rejects": False}
    NOTICE.take(step, notice, None, facts=facts)


def register(app: Flask) -> None:
    """Send notices with every round of jobs; in the demonstration the next one answers them."""
    jobs.register(app, "answer notices", answer_due)
    jobs.register(app, "send notices", send_due)
