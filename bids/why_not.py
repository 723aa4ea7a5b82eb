"""After closing: who is asked why they did not bid. Only here is it known who did."""

from __future__ import annotations

from uuid import UUID

from flask import Flask
from sqlalchemy import select

from bids.models import NOT_IN, Bid
from bids.partners.queries import tied_parts
from bids.queries import bidders_of
from lots.lifecycle import CLOSE
from lots.models import Lot
from lots.pipeline import invite_why_not, people_following
from marketplace import events
from marketplace.accounts.models import Membership
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db
from marketplace.organisations.models import Organisation


def ask_why_not(lot: Lot, by: Acting | None) -> None:
    """Ask followers of provider organisations and holders of abandoned drafts, in the closing.

    Nobody is asked whose organisation has a bid in or is a partner in one.
    """
    bids = db.session.scalars(select(Bid).where(Bid.lot_id == lot.id)).all()
    abandoned = {UUID(bid.organisation) for bid in bids if bid.state in NOT_IN}
    bidding = {UUID(bid.organisation) for bid in bids if bid.state not in NOT_IN}
    bidding |= {part.organisation_id for part in tied_parts(lot.id) if part.organisation_id}
    writing = {person.id for each in abandoned for person in bidders_of(each)}
    asked = _of_providers(people_following(lot.id)) | writing
    invite_why_not(lot, asked - _people_of(bidding))


def _of_providers(person_ids: set[UUID]) -> set[UUID]:
    return set(
        db.session.scalars(
            select(Membership.person_id)
            .join(Organisation, Organisation.id == Membership.organisation_id)
            .where(
                Membership.person_id.in_(person_ids),
                Organisation.kind == OrganisationKind.PROVIDER,
            )
        )
    )


def _people_of(organisation_ids: set[UUID]) -> set[UUID]:
    held = Membership.organisation_id.in_(organisation_ids)
    return set(db.session.scalars(select(Membership.person_id).where(held)))


def register(app: Flask) -> None:
    """Hear of a lot's closing."""
    events.when(app, CLOSE, ask_why_not)
