"""The partner's part: taking an invitation up, confirming, changing, withdrawing its name."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from bids.declarations import check_declared
from bids.models import Bid
from bids.partners import mails
from bids.partners.actions import bind, changed_meanwhile, leaving, make_room, not_the_lead
from bids.partners.lifecycle import CHANGE, CONFIRM, DECLINE, PARTNER, TAKE_UP, WITHDRAW_NAME
from bids.partners.locking import held_part
from bids.partners.models import BidPartner, LeftAs, PartnerState
from bids.partners.parts import ALL_DECLARED, DECLARATIONS, Part, check_part
from bids.partners.permissions import PartnerPermission, is_partner
from bids.partners.queries import invited_with
from bids.queries import bidders_of
from bids.working import changed
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import AlreadyChanged
from marketplace.permissions import NotYours, check


def take_up_with(token: str, by: Acting) -> UUID:
    """Take a mailed invitation up for the organisation acted for, once; returns the part's id.

    Raises AlreadyChanged where it is answered, Refusal for the lead itself, for an organisation
    that is a partner already, and after the deadline.
    """
    check(by, PartnerPermission.TAKE_UP)
    partner = _invited(token)
    not_the_lead(partner.bid, by.organisation_id)
    make_room(partner.bid, by.organisation_id)
    bind(partner, by.organisation_id)
    if partner.name != by.organisation_name:
        partner.invited_as, partner.name = partner.name, by.organisation_name
    _take_up(partner)
    return partner.id


def decline_with(token: str) -> None:
    """Decline a mailed invitation; whoever holds the link may."""
    _decline(_invited(token))


def _invited(token: str) -> BidPartner:
    invited = invited_with(token)
    if invited is None:
        raise NotYours(token[:1])
    partner = held_part(invited.id)
    if partner.state != PartnerState.INVITED:
        raise AlreadyChanged(answered(partner))
    return partner


def answered(partner: BidPartner) -> str:
    """What became of an invitation, without saying whose answer it was."""
    if partner.state == PartnerState.DECLINED:
        return _("This invitation has been declined. If that was a mistake, ask for a new one.")
    if partner.state == PartnerState.REMOVED:
        return _("Whoever invited you has taken the invitation back.")
    return _(
        "An organisation has taken this invitation up already. If it is yours, sign in and look "
        "under “Bids in which we are a partner”."
    )


def take_up(partner_id: UUID, by: Acting) -> None:
    """Take an invitation of one's own organisation up."""
    check(by, PartnerPermission.TAKE_UP)
    _take_up(_own(partner_id, by))


def decline(partner_id: UUID, by: Acting) -> None:
    """Decline an invitation of one's own organisation."""
    check(by, PartnerPermission.TAKE_UP)
    _decline(_own(partner_id, by))


def _own(partner_id: UUID, by: Acting) -> BidPartner:
    found = db.session.get(BidPartner, partner_id)
    if found is None or not is_partner(by, found):
        raise NotYours(partner_id)
    partner = held_part(partner_id)
    check(by, PartnerPermission.SEE, partner)
    return partner


def _take_up(partner: BidPartner) -> None:
    partner.email = None
    PARTNER.take(TAKE_UP, partner, by=None, facts={"taken_up_at": clock.now()})
    mails.tell_lead(partner, "taken_up", bidders_of(partner.bidder_id))


def _decline(partner: BidPartner) -> None:
    partner.email = None
    PARTNER.take(DECLINE, partner, by=None)
    mails.tell_lead(partner, "declined", bidders_of(partner.bidder_id))


def confirm(partner_id: UUID, part: Part, seen: int, by: Acting) -> None:
    """Confirm one's own role, areas, share and declarations.

    Raises Refusal where the lead changed its proposal after the page was opened, for areas
    that are not the lot's, and without all of the legal confirmations.
    """
    partner = _own(partner_id, by)
    check(by, PartnerPermission.CONFIRM, partner)
    if partner.edition != seen:
        raise changed_meanwhile()
    check_declared(part.declarations, DECLARATIONS, ALL_DECLARED)
    check_part(part, partner.bid.lot)
    partner.terms, partner.confirmed_by = part.dumped(), str(by.person_id)
    PARTNER.take(CONFIRM, partner, by=None, facts={"confirmed_at": clock.judged_now()})
    partner.edition += 1
    changed(partner.bid, "partner_confirmed", ["partners"])
    mails.tell_lead(partner, "confirmed", bidders_of(partner.bidder_id))


def change(partner_id: UUID, by: Acting) -> None:
    """Take a confirmation back, to confirm something else; the lead is told."""
    partner = _own(partner_id, by)
    check(by, PartnerPermission.CONFIRM, partner)
    PARTNER.take(CHANGE, partner, by=None, facts={"confirmed_at": None})
    partner.edition += 1
    changed(partner.bid, "partner_changes", ["partners"])
    mails.tell_lead(partner, "changes", bidders_of(partner.bidder_id))


def withdraw(partner_id: UUID, by: Acting) -> None:
    """Withdraw the organisation's name before the deadline; the lead is told.

    A version that is submitted stays submitted; the buyers will see when the name was withdrawn.
    """
    partner = _own(partner_id, by)
    check(by, PartnerPermission.CONFIRM, partner)
    facts = leaving(partner, LeftAs.WITHDRAWN)
    PARTNER.take(WITHDRAW_NAME, partner, by=None, facts=facts)
    partner.edition += 1
    changed(partner.bid, "partner_withdrew", ["partners"])
    template = "withdrew_submitted" if facts else "withdrew"
    mails.tell_lead(partner, template, bidders_of(partner.bidder_id))


def note_named(bid: Bid, by: Acting | None) -> None:
    """A version was submitted: it names those who have confirmed, and nobody else."""
    found = select(BidPartner).where(BidPartner.bid_id == bid.id).order_by(BidPartner.id)
    for partner in db.session.scalars(found.with_for_update()):
        partner.named = partner.state == PartnerState.CONFIRMED
        partner.left_at = partner.left_as = None
