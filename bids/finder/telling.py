"""Telling an organisation that somebody wrote to it, without saying who or what."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import ngettext

from bids.finder.models import FinderThread
from bids.finder.permissions import FinderPermission
from bids.finder.queries import unanswered
from bids.queries import bidders_of
from marketplace import outbox
from marketplace.acting import Acting
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem


def tell(thread: FinderThread, organisation_id: UUID) -> None:
    """Mail whoever answers for the organisation's bids."""
    for person in bidders_of(organisation_id):
        outbox.post(
            "bids/finder/mail/written.txt",
            to=person.email,
            subject_id=thread.id,
            facts={"thread_id": str(thread.id)},
        )


def waiting_for(by: Acting) -> list[WaitingItem]:
    """The conversations that wait for an answer."""
    if not allowed(by, FinderPermission.WRITE):
        return []
    number = unanswered(by)
    if not number:
        return []
    text = ngettext(
        "%(num)s message about working together to answer",
        "%(num)s messages about working together to answer",
        number,
    )
    return [WaitingItem(text, url_for("finder.threads"), number)]
