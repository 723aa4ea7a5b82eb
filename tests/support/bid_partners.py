"""Partners in bids for tests, as far as their own actions take them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from bids import checklist
from bids.partners import actions, answering
from bids.partners.models import BidPartner
from bids.partners.parts import DECLARATIONS, Part, code_of
from bids.submitting import actions as submitting
from bids.submitting.content import DECLARATIONS as OF_BIDDERS
from lots.models import Lot
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from tests.support.bids import Prepare, bid_as_stored, bidder, fill_in, seen_of
from tests.support.lots import make_open_lot
from tests.support.mails import facts_of_last_mail
from tests.support.people import (
    acting_as,
    give_role,
    make_organisation,
    make_person,
    manager_of,
    written,
)

SHARE = 60_000_00


def organisation_of(by: Acting) -> Organisation:
    """The organisation acted for."""
    return db.session.get_one(Organisation, by.organisation_id)


def drafted_bid(name: str | None = None, lot: Lot | None = None) -> tuple[UUID, Acting]:
    """A bid that lacks nothing but its submission, and its bid manager."""
    _organisation, person = bidder(name)
    by = acting_as(person)
    return fill_in(lot or make_open_lot(), by), by


def part(bid_id: UUID, pence: int = SHARE, role: str = "Mentoring in the county") -> Part:
    """A part in the first area of the bid's lot."""
    return Part(role, (code_of(bid_as_stored(bid_id).lot.areas[0]),), pence)


def invite(bid_id: UUID, by: Acting, organisation: Organisation, pence: int = SHARE) -> UUID:
    """The lead asks an organisation that is here; returns the part's id."""
    proposal = part(bid_id, pence)
    with written():
        return actions.invite_organisation(bid_id, organisation.id, proposal, by).id


def invite_by_mail(bid_id: UUID, by: Acting, email: str = "ivy@ivy.example") -> UUID:
    """The lead asks whoever reads this address; returns the part's id."""
    proposal = part(bid_id)
    with written():
        return actions.invite_address(bid_id, "Ivy Mentors", email, proposal, by).id


def partner_as_stored(partner_id: UUID) -> BidPartner:
    """The part as it stands now."""
    db.session.expire_all()
    return db.session.get_one(BidPartner, partner_id)


def confirm(partner_id: UUID, by: Acting, pence: int | None = None) -> None:
    """The partner confirms what is proposed, or another share of its own."""
    partner = partner_as_stored(partner_id)
    own = part(partner.bid_id, SHARE if pence is None else pence, "Mentoring, our words")
    declared = Part(own.role, own.areas, own.pence, tuple(DECLARATIONS))
    seen = partner.edition
    with written():
        answering.confirm(partner_id, declared, seen, by)


def confirmed_partner(
    bid_id: UUID, lead: Acting, organisation: Organisation | None = None, pence: int = SHARE
) -> tuple[UUID, Acting]:
    """A partner that has confirmed its part; returns the part's id and the partner's manager."""
    by = manager_of(organisation or make_organisation())
    partner_id = invite(bid_id, lead, organisation_of(by), pence)
    with written():
        answering.take_up(partner_id, by)
    confirm(partner_id, by, pence)
    return partner_id, by


def withdraw(partner_id: UUID, by: Acting) -> None:
    """The partner withdraws its name."""
    with written():
        answering.withdraw(partner_id, by)


def missing(bid_id: UUID, by: Acting) -> str:
    """All that keeps the bid from being submitted."""
    return " ".join(checklist.missing(bid_as_stored(bid_id), by.organisation_id))


def submit(bid_id: UUID, by: Acting) -> int:
    """Submit what stands; returns the version's number."""
    with write():
        return submitting.submit_bid(bid_id, OF_BIDDERS, seen_of(bid_id), by).number


def add_people_to(world: Any) -> None:
    """An officer who is also a trustee of the partner that every opened bid names."""
    region, ferry = world.people["director"][1], make_organisation(name="Ferry House")
    officer = make_person(Role.COMMISSIONING_OFFICER, region, name="Partnered Person")
    give_role(officer, ferry, Role.TRUSTEE)
    world.people["partnered officer"] = (officer, region)
    world.things["named partner"] = {"organisation_id": ferry.id}


def naming(world: Any) -> Prepare:
    """What makes a bid name that partner."""
    ferry_id = world.things["named partner"]["organisation_id"]

    def prepare(bid_id: UUID, by: Acting) -> None:
        confirmed_partner(bid_id, by, db.session.get_one(Organisation, ferry_id))

    return prepare


def add_to(world: Any) -> None:
    """A draft of ours with a partner that has confirmed, and with an address that is asked."""
    region, lead = world.people["director"][1], world.by("bid manager")
    lot = make_open_lot(buyer=region, areas=[("K", "kent", 30), ("K", "sussex", 20)])
    bid_id = fill_in(lot, lead)
    partner = world.by("other bid manager")
    partner_id = invite(bid_id, lead, world.people["other bid manager"][1])
    with write():
        answering.take_up(partner_id, partner)
    world.things["bid with a partner"] = {"bid_id": bid_id, "partner_id": partner_id}
    invite_by_mail(bid_id, lead, "asked@holly.example")
    world.things["invitation to be a partner"] = facts_of_last_mail("asked@holly.example")
    confirmed_partner(bid_id, lead)


def grow(world: Any, times: int) -> None:
    """More of what the list of parts in others' bids shows."""
    for _time in range(times):
        bid_id, lead = drafted_bid()
        invite(bid_id, lead, world.people["bid manager"][1])
