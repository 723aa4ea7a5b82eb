"""Telling an organisation that somebody wrote to it, without saying who or what."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from flask_babel import ngettext
from sqlalchemy import select

from bids.finder.models import FinderThread
from bids.finder.permissions import FinderPermission
from bids.finder.queries import unanswered
from bids.permissions import BIDDERS
from marketplace import outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.permissions import allowed
from marketplace.registry import WaitingItem


def tell(thread: FinderThread, organisation_id: UUID) -> None:
    """Mail the organisation's bid managers; where it has none, its trustees."""
    found = (
        select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role.in_(BIDDERS),
            Person.state == PersonState.ACTIVE,
        )
        .order_by(Person.id)
    )
    people = db.session.execute(found).all()
    managers = [person for person, role in people if role == Role.BID_MANAGER]
    for person in managers or [person for person, _role in people]:
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
