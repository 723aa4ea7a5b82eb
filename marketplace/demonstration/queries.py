"""What the demonstration's pages show."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.outbox.models import DemonstrationMail
from marketplace.paging import Page, paged

# A round of jobs may send many at one moment; whoever waits for one finds it on the first page.
MAILS_A_PAGE = 100


def mails_sent() -> Page:
    """Sent mails, newest first, the page this request asks for."""
    return paged(
        select(DemonstrationMail).order_by(DemonstrationMail.sent_at.desc(), DemonstrationMail.id),
        MAILS_A_PAGE,
    )
