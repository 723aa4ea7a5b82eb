"""Who takes a message away: the console, an SMTP server, GOV.UK Notify, or the letter box."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from functools import partial
from uuid import UUID

from marketplace import clock
from marketplace.database import db, write
from marketplace.outbox import notify
from marketplace.outbox.models import Channel, DemonstrationMail
from marketplace.settings import Settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class TextMessage:
    """A text message to one number; the same id however often it is tried."""

    message_id: UUID
    to: str
    body: str


Letter = EmailMessage | TextMessage
Carrier = Callable[[Letter], None]


class NoTexts(Exception):
    """A text message waits, and nobody is set up to carry it."""


def console(letter: Letter) -> None:
    """Print the message where a developer sees it; the log line itself names nobody."""
    if isinstance(letter, TextMessage):
        log.info("text to the console", extra={"text_message_id": str(letter.message_id)})
        print(f"\nText to {letter.to}: {letter.body}\n", flush=True)
        return
    log.info("mail to the console", extra={"mail_message_id": letter["Message-ID"]})
    print(f"\n{letter.as_string()}\n", flush=True)


def smtp(settings: Settings, mail: EmailMessage) -> None:
    """Hand a mail to the SMTP server of the settings."""
    with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS) as server:
        if settings.smtp_starttls:
            server.starttls()
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(mail)


def demonstration(written: Letter) -> None:
    """Keep the message for the demonstration's page of what was sent; its people are invented."""
    with write():
        db.session.add(letter(written, clock.now()))


def letter(written: Letter, sent_at: datetime) -> DemonstrationMail:
    """The message as the demonstration's letter box keeps it."""
    if isinstance(written, TextMessage):
        return DemonstrationMail(
            message_id=written.message_id,
            channel=Channel.TEXT,
            sent_at=sent_at,
            recipient=written.to,
            subject="",
            body=written.body,
        )
    return DemonstrationMail(
        message_id=UUID(str(written["X-Message"])),
        channel=Channel.MAIL,
        sent_at=sent_at,
        recipient=str(written["To"]),
        subject=str(written["Subject"]),
        body=written.get_content(),
    )


def carries_texts(settings: Settings) -> bool:
    """Whether these settings name somebody who carries text messages."""
    return settings.demonstration or settings.text_carrier != "none"


def carrier(settings: Settings) -> Carrier:
    """The carrier these settings name, for mails and for texts."""
    if settings.demonstration:
        return demonstration
    return partial(_carry, settings)


def _carry(settings: Settings, letter: Letter) -> None:
    if isinstance(letter, TextMessage):
        _carry_text(settings, letter)
    elif settings.mail_carrier == "notify":
        notify.send_mail(settings, letter)
    elif settings.mail_carrier == "smtp":
        smtp(settings, letter)
    else:
        console(letter)


def _carry_text(settings: Settings, letter: TextMessage) -> None:
    if settings.text_carrier == "none":
        raise NoTexts
    if settings.text_carrier == "notify":
        notify.send_text(settings, letter.message_id, letter.to, letter.body)
    else:
        console(letter)
