"""Who is told that a lot's bids can be opened."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from lots.lifecycle import CLOSE
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS
from marketplace import events, outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Acting
from marketplace.database import db


def tell_closed(lot: Lot, by: Acting | None) -> None:
    """Write to all of the lead buyer who may confirm an opening, whether or not anybody bid."""
    may_open = select(Membership.person_id).where(
        Membership.organisation_id == lot.lead_buyer_id,
        Membership.role.in_((*DRAFTERS, *DECIDERS)),
    )
    people = select(Person).where(Person.id.in_(may_open), Person.state == PersonState.ACTIVE)
    for person in db.session.scalars(people.order_by(Person.id)):
        outbox.post(
            "bids/mail/closed.txt",
            to=person.email,
            subject_id=lot.id,
            facts={"lot_id": str(lot.id), "title": lot.title},
        )


def register(app: Flask) -> None:
    """Hear of a lot's closing."""
    events.when(app, CLOSE, tell_closed)
