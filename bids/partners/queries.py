"""Reading partners: for the lead, for the partner itself, and for what a version holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from bids.models import NOT_IN, Bid
from bids.partners.keys import lot_key
from bids.partners.models import LEFT, TAKES_PART, TIED, BidPartner, PartnerState
from bids.partners.parts import DECLARATIONS, Part, loaded, names_of
from bids.partners.permissions import is_partner
from bids.permissions import BIDDERS
from bids.queries import MOST_WAITING, found_by, open_lots
from bids.sealing import bidder_key
from lots.models import Lot
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.accounts.tokens import token_hash
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db
from marketplace.organisations.models import Organisation
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours

MOST_FOUND = 10


def partners_of(bid: Bid) -> list[BidPartner]:
    """The partners of a bid in the order in which they were invited; those taken off left out."""
    found = select(BidPartner).where(
        BidPartner.bid_id == bid.id, BidPartner.state != PartnerState.REMOVED
    )
    return list(db.session.scalars(found.order_by(BidPartner.invited_at, BidPartner.id)))


def still_named(bid: Bid) -> list[BidPartner]:
    """Those who left since the version submitted last, which still names them."""
    found = select(BidPartner).where(
        BidPartner.bid_id == bid.id, BidPartner.named, BidPartner.state.in_(LEFT)
    )
    return list(db.session.scalars(found.order_by(BidPartner.left_at, BidPartner.id)))


def part_of(partner: BidPartner) -> Part:
    """What counts: what the partner confirmed, else what the lead proposes."""
    confirmed = partner.state == PartnerState.CONFIRMED
    return loaded(partner.terms if confirmed else partner.proposal)


def own_partner(partner_id: UUID, by: Acting) -> BidPartner:
    """The organisation's own part. Raises NotYours for any other, as for none."""
    found = select(BidPartner).where(BidPartner.id == partner_id)
    partner = db.session.scalar(found.options(joinedload(BidPartner.bid).joinedload(Bid.lot)))
    if partner is None or not is_partner(by, partner):
        raise NotYours(partner_id)
    return partner


def of_bid(bid: Bid, partner_id: UUID) -> BidPartner:
    """A partner of this bid. Raises NotYours."""
    partner = db.session.get(BidPartner, partner_id)
    if partner is None or partner.bid_id != bid.id:
        raise NotYours(partner_id)
    return partner


def invited_with(token: str) -> BidPartner | None:
    """The part that a mailed link is about, answered or not."""
    return db.session.scalar(select(BidPartner).where(BidPartner.token_hash == token_hash(token)))


def own_parts(by: Acting) -> Page:
    """The parts of the organisation in others' bids by page, last invited first.

    They are found by their keyed hash for each lot that has partners at all.
    """
    lot_ids = select(Bid.lot_id).join(BidPartner, BidPartner.bid_id == Bid.id).distinct()
    keys = [lot_key(lot_id, by.organisation_id) for lot_id in db.session.scalars(lot_ids)]
    found = _with_lot().where(BidPartner.id.in_(found_by(BidPartner.lot_key, keys, BidPartner)))
    return paged(found.order_by(BidPartner.invited_at.desc(), BidPartner.id))


def parts_to_answer(by: Acting) -> list[BidPartner]:
    """The parts to take up or to confirm in bids for open lots, first to close first, bounded."""
    keys = [lot_key(lot_id, by.organisation_id) for lot_id in open_lots()]
    waiting = (PartnerState.INVITED, PartnerState.TAKEN_UP)
    found = _with_lot().where(BidPartner.lot_key.in_(keys), BidPartner.state.in_(waiting))
    ordered = found.order_by(Lot.closes_at, BidPartner.invited_at, BidPartner.id)
    return list(db.session.scalars(ordered.limit(MOST_WAITING)))


def _with_lot() -> Select:
    joined = select(BidPartner).join(BidPartner.bid).join(Bid.lot)
    return joined.options(contains_eager(BidPartner.bid).contains_eager(Bid.lot))


def lead_names(partners: Iterable[BidPartner]) -> dict[UUID, str]:
    """The leads' names by part."""
    leads = {partner.id: partner.bidder_id for partner in partners}
    found = select(Organisation.id, Organisation.name).where(Organisation.id.in_(leads.values()))
    names = {row.id: row.name for row in db.session.execute(found)}
    return {partner_id: names[lead] for partner_id, lead in leads.items()}


def found_by_name(text: str, but: UUID) -> list[Organisation]:
    """Providers with this in their name where somebody can answer; by name, ten at most."""
    answers = select(Membership.id).join(Person, Person.id == Membership.person_id)
    answers = answers.where(
        Membership.organisation_id == Organisation.id,
        Membership.role.in_(BIDDERS),
        Person.state == PersonState.ACTIVE,
    )
    found = select(Organisation).where(
        Organisation.kind == OrganisationKind.PROVIDER,
        Organisation.id != but,
        Organisation.name.icontains(text, autoescape=True),
        answers.exists(),
    )
    ordered = found.order_by(Organisation.name, Organisation.id).limit(MOST_FOUND)
    return list(db.session.scalars(ordered))


def content_of(bid: Bid) -> list[dict[str, Any]]:
    """What the content's envelope holds of the confirmed partners; nothing in pounds."""
    return [
        {
            "partner": str(partner.id),
            "organisation": partner.organisation,
            "name": partner.name,
            "role": part.role,
            "areas": names_of(part.areas),
            "area_codes": list(part.areas),
            "declarations": [str(DECLARATIONS[key]) for key in part.declarations],
            "confirmed_at": partner.confirmed_at.isoformat() if partner.confirmed_at else None,
        }
        for partner in partners_of(bid)
        if partner.state == PartnerState.CONFIRMED
        for part in [part_of(partner)]
    ]


def shares_of(bid: Bid) -> list[dict[str, Any]]:
    """The partners' shares in pence over the initial term, for the price's envelope.

    Also those proposed and not confirmed yet, as long as they take part: a bid with such is not
    ready, so that no version holds them.
    """
    return [
        {
            "partner": str(partner.id),
            "organisation": partner.organisation,
            "name": partner.name,
            "pence": part_of(partner).pence,
        }
        for partner in partners_of(bid)
        if partner.state in TAKES_PART
    ]


def tied_parts(lot_id: UUID) -> list[BidPartner]:
    """The parts in bids submitted for a lot, whoever took them up; sealed or not."""
    return list(db.session.scalars(_tied().where(Bid.lot_id == lot_id)))


def bids_too(person_id: UUID, lot_id: UUID) -> bool:
    """One of the person's organisations has a bid in or is a partner in one, sealed or opened."""
    held = select(Membership.organisation_id).where(Membership.person_id == person_id)
    organisation_ids = list(db.session.scalars(held))
    keys = [bidder_key(lot_id, organisation_id) for organisation_id in organisation_ids]
    bids = select(Bid.id).where(Bid.bidder_key.in_(keys), Bid.state.not_in(NOT_IN))
    if db.session.scalar(bids.limit(1)) is not None:
        return True
    parts = [lot_key(lot_id, organisation_id) for organisation_id in organisation_ids]
    return (
        db.session.scalars(_tied().where(BidPartner.lot_key.in_(parts)).limit(1)).first()
        is not None
    )


def _tied() -> Any:
    return (
        select(BidPartner)
        .join(BidPartner.bid)
        .where(Bid.state.not_in(NOT_IN), BidPartner.state.in_(TIED) | BidPartner.named)
    )
