"""Who holds parts of a lot's key, who could, and whose code is still missing."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lots.keyholders.models import FEWEST, KeyHolder, LotKeyShare
from lots.keyholders.permissions import MAY_HOLD
from lots.models import Lot
from lots.vocabulary import BEFORE_OPENING
from marketplace.accounts.models import Person
from marketplace.accounts.queries import people_with
from marketplace.acting import Acting
from marketplace.database import db


def holders_of(lot_id: UUID) -> list[KeyHolder]:
    """The people chosen, in the order in which they stand."""
    found = select(KeyHolder).where(KeyHolder.lot_id == lot_id).order_by(KeyHolder.position)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def holder(lot_id: UUID, person_id: UUID) -> KeyHolder | None:
    """This person as one of the holders, where there is one."""
    found = select(KeyHolder).where(KeyHolder.lot_id == lot_id, KeyHolder.person_id == person_id)
    return db.session.scalar(found.execution_options(populate_existing=True))


def eligible(lot: Lot) -> list[Person]:
    """The lead buyer's active officers and decision-makers, by name."""
    people = people_with(lot.lead_buyer_id, MAY_HOLD)
    return sorted(people, key=lambda person: person.name.casefold())


def able(lot: Lot) -> list[KeyHolder]:
    """Holders who have confirmed their code and still may open bids."""
    allowed_ids = {person.id for person in eligible(lot)}
    return [
        each
        for each in holders_of(lot.id)
        if each.confirmed_at is not None and each.person_id in allowed_ids
    ]


def lacks_holders(lot: Lot) -> bool:
    """The lot asks for a divided key, but too few can hold it yet."""
    return lot.splits_key and len(able(lot)) < FEWEST


def shares_of(holder_id: UUID) -> list[LotKeyShare]:
    """The sealed halves of one holder."""
    return list(db.session.scalars(select(LotKeyShare).where(LotKeyShare.holder_id == holder_id)))


def codes_to_make(by: Acting) -> list[Lot]:
    """Lots for which this person was chosen and has not confirmed a code."""
    found = (
        select(Lot)
        .join(KeyHolder, KeyHolder.lot_id == Lot.id)
        .where(KeyHolder.person_id == by.person_id, KeyHolder.confirmed_at.is_(None))
        .where(Lot.lead_buyer_id == by.organisation_id, Lot.splits_key)
        .where(Lot.state.in_(BEFORE_OPENING))
        .order_by(Lot.created_at)
    )
    return list(db.session.scalars(found))
