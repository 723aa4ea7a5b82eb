"""Who takes a mail away: the console, an SMTP server, or the demonstration's letter box."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from uuid import UUID

from marketplace import clock
from marketplace.database import db, write
from marketplace.outbox.models import DemonstrationMail
from marketplace.settings import Settings

Carrier = Callable[[EmailMessage], None]
log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 20


def console(mail: EmailMessage) -> None:
    """Print the mail where a developer sees it; the log line itself names nobody."""
    log.info("mail to the console", extra={"mail_message_id": mail["Message-ID"]})
    print(f"\n{mail.as_string()}\n", flush=True)


def smtp(settings: Settings) -> Carrier:
    """Hand mails to the SMTP server of the settings."""

    def send(mail: EmailMessage) -> None:
        with smtplib.SMTP(
            settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS
        ) as server:
            if settings.smtp_starttls:
                server.starttls()
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(mail)

    return send


def demonstration(mail: EmailMessage) -> None:
    """Keep the mail for the demonstration's page of sent mails; its people are invented."""
    with write():
        db.session.add(letter(mail, clock.now()))


def letter(mail: EmailMessage, sent_at: datetime) -> DemonstrationMail:
    """The mail as the demonstration's letter box keeps it."""
    return DemonstrationMail(
        message_id=UUID(str(mail["X-Message"])),
        sent_at=sent_at,
        recipient=str(mail["To"]),
        subject=str(mail["Subject"]),
        body=mail.get_content(),
    )


def carrier(settings: Settings) -> Carrier:
    """The carrier these settings name."""
    if settings.demonstration:
        return demonstration
    return smtp(settings) if settings.mail_carrier == "smtp" else console
