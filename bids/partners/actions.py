"""The lead's part: inviting partners, changing what it proposes, going on without one."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from bids.models import Bid
from bids.partners import mails
from bids.partners.keys import lot_key, partner_key
from bids.partners.lifecycle import CHANGE, PARTNER, REMOVE
from bids.partners.locking import held_by_lead, locked_part
from bids.partners.models import TAKES_PART, BidPartner, LeftAs, PartnerState
from bids.partners.parts import Part, check_part
from bids.queries import bidders_of
from bids.working import changed
from marketplace import audit, clock
from marketplace.accounts.tokens import new_token, normalised, token_hash
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.organisations.models import Organisation

MOST_PARTNERS = 20


def invite_organisation(
    bid_id: UUID, organisation_id: UUID, proposal: Part, by: Acting
) -> BidPartner:
    """Ask an organisation on the register to take part.

    Raises Refusal for the lead itself, for one that takes part already, and for one where nobody
    could answer.
    """
    bid = held_by_lead(bid_id, by)
    asked = db.session.get(Organisation, organisation_id)
    if asked is None or asked.kind != OrganisationKind.PROVIDER:
        raise Refusal(_("Choose an organisation from the list."))
    not_the_lead(bid, organisation_id)
    make_room(bid, organisation_id)
    people = bidders_of(organisation_id)
    if not people:
        raise Refusal(
            _(
                "Nobody signs in for %(name)s yet. Invite it by email address instead.",
                name=asked.name,
            )
        )
    check_part(proposal, bid.lot)
    partner = BidPartner(id=new_id(), bid=bid, invited_at=clock.now(), name=asked.name)
    partner.proposal = proposal.dumped()
    bind(partner, asked.id)
    _put(partner)
    mails.tell(partner, "invited_here", people)
    return partner


def invite_address(bid_id: UUID, name: str, email: str, proposal: Part, by: Acting) -> BidPartner:
    """Ask whoever reads this address to take part, with a link that only the mail holds.

    Raises Refusal where this address is asked already.
    """
    bid = held_by_lead(bid_id, by)
    open_ones = select(BidPartner).where(
        BidPartner.bid_id == bid.id, BidPartner.state == PartnerState.INVITED
    )
    for other in db.session.scalars(open_ones):
        if other.email and normalised(other.email) == normalised(email):
            raise Refusal(_("This address is invited already and has not answered yet."))
    check_part(proposal, bid.lot)
    token = new_token()
    partner = BidPartner(id=new_id(), bid=bid, invited_at=clock.now(), name=name)
    partner.proposal, partner.email = proposal.dumped(), email
    partner.token_hash = token_hash(token)
    _put(partner)
    mails.invite(partner, email, token)
    return partner


def invite_again(bid_id: UUID, partner_id: UUID, by: Acting) -> None:
    """Mail an invitation anew; the link in the earlier mail no longer works.

    Raises AlreadyChanged where the invitation is answered, or was not one by mail.
    """
    bid = held_by_lead(bid_id, by)
    partner = locked_part(bid, partner_id)
    if partner.state != PartnerState.INVITED or partner.email is None:
        raise AlreadyChanged(_("This invitation is answered already, or was not sent by email."))
    token = new_token()
    partner.token_hash = token_hash(token)
    audit.record("bid_partner:invite_again", subject=partner, by=None)
    mails.invite(partner, partner.email, token)


def _put(partner: BidPartner) -> None:
    held = select(func.count()).where(
        BidPartner.bid_id == partner.bid.id, BidPartner.state != PartnerState.REMOVED
    )
    if (db.session.scalar(held) or 0) >= MOST_PARTNERS:
        raise Refusal(
            _(
                "A bid can name %(most)s partners at most. Take one off the bid first.",
                most=MOST_PARTNERS,
            )
        )
    db.session.add(partner)
    db.session.flush()
    # Like every event of a sealed bid it names nobody (bids/sealing.py).
    audit.record("bid_partner:invite", subject=partner, by=None)
    changed(partner.bid, "partner_invited", ["partners"])


def not_the_lead(bid: Bid, organisation_id: UUID) -> None:
    """Raise Refusal where the organisation is the bid's own."""
    if bid.bidder_id == organisation_id:
        raise Refusal(_("Your organisation leads this bid. It cannot be its own partner."))


def make_room(bid: Bid, organisation_id: UUID) -> None:
    """Let an organisation that left be asked anew. Raises Refusal where it takes part."""
    found = select(BidPartner).where(BidPartner.partner_key == partner_key(bid.id, organisation_id))
    before = db.session.scalar(found.with_for_update())
    if before is None:
        return
    if before.state in TAKES_PART:
        raise Refusal(_("This organisation is a partner in this bid already."))
    before.partner_key = None
    if before.state != PartnerState.REMOVED:
        PARTNER.take(REMOVE, before, by=None)
    db.session.flush()


def bind(partner: BidPartner, organisation_id: UUID) -> None:
    """Make the part this organisation's, found by keyed hashes alone."""
    partner.organisation = str(organisation_id)
    partner.partner_key = partner_key(partner.bid.id, organisation_id)
    partner.lot_key = lot_key(partner.bid.lot_id, organisation_id)


def propose(bid_id: UUID, partner_id: UUID, proposal: Part, seen: int, by: Acting) -> None:
    """Change what the lead proposes; a confirmation is void, and the partner is told.

    Raises Refusal where partner or a colleague changed something after the page was opened.
    """
    bid = held_by_lead(bid_id, by)
    partner = locked_part(bid, partner_id)
    if partner.state not in TAKES_PART:
        raise AlreadyChanged(_("This partner no longer takes part. Invite it again if you agree."))
    if partner.edition != seen:
        raise changed_meanwhile()
    check_part(proposal, bid.lot)
    if partner.proposal == proposal.dumped():
        return
    if partner.state == PartnerState.CONFIRMED:
        PARTNER.take(CHANGE, partner, by=None, facts={"confirmed_at": None})
    partner.proposal, partner.terms = proposal.dumped(), None
    partner.edition += 1
    changed(bid, "partner_proposed", ["partners"])
    if partner.organisation_id is not None:
        mails.tell(partner, "proposal_changed", bidders_of(partner.organisation_id))


def changed_meanwhile() -> Refusal:
    """What is said to whoever acts on figures that are no longer those shown."""
    return Refusal(
        _(
            "This part was changed after you opened the page. What you typed is still below and "
            "has not been saved. Compare it with what stands now, then send it again."
        )
    )


def remove(bid_id: UUID, partner_id: UUID, by: Acting) -> None:
    """Go on without a partner; who takes part is told. Nothing already submitted changes."""
    bid = held_by_lead(bid_id, by)
    partner = locked_part(bid, partner_id)
    took_part, told = partner.state in TAKES_PART, partner.organisation_id
    partner.email = None
    PARTNER.take(REMOVE, partner, by=None, facts=leaving(partner, LeftAs.REMOVED))
    partner.partner_key = None
    changed(bid, "partner_removed", ["partners"])
    if took_part and told is not None:
        mails.tell(partner, "removed", bidders_of(told))


def leaving(partner: BidPartner, how: LeftAs) -> dict[str, object]:
    """The facts of leaving a bid whose submitted version names the partner; none otherwise."""
    if not partner.named or partner.left_at is not None:
        return {}
    return {"left_at": clock.judged_now(), "left_as": how}
