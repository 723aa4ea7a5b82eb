"""GOV.UK Notify as a carrier of mails and texts.

Our message's id goes along as Notify's reference, so that what was sent is found again there.
"""

from __future__ import annotations

from email.message import EmailMessage
from uuid import UUID

from notifications_python_client.notifications import NotificationsAPIClient

from marketplace.settings import Settings

TIMEOUT_SECONDS = 20


def client(settings: Settings) -> NotificationsAPIClient:
    """Notify's own client, for the service that the key belongs to."""
    return NotificationsAPIClient(
        settings.notify_key, base_url=settings.notify_address, timeout=TIMEOUT_SECONDS
    )


def send_mail(settings: Settings, mail: EmailMessage) -> None:
    """Hand a mail over. Raises the client's HTTPError where Notify does not take it."""
    client(settings).send_email_notification(
        email_address=str(mail["To"]),
        template_id=settings.notify_mail_template,
        personalisation={"subject": str(mail["Subject"]), "body": mail.get_content()},
        reference=str(mail["X-Message"]),
    )


def send_text(settings: Settings, message_id: UUID, to: str, body: str) -> None:
    """Hand a text over. Raises the client's HTTPError where Notify does not take it."""
    client(settings).send_sms_notification(
        phone_number=to,
        template_id=settings.notify_text_template,
        personalisation={"body": body},
        reference=str(message_id),
    )
