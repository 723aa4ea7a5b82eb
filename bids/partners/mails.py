"""Mails about parts in bids; none names the lot, the lead or the partner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bids.partners.models import BidPartner
from marketplace import outbox
from marketplace.accounts.models import Person
from marketplace.accounts.throttles import Limit

FOLDER = "bids/partners/mail"
# Tries by bid, and by part and side: nobody fills another organisation's letter boxes.
INVITED = Limit("bid_partner.invited", 20, timedelta(hours=1))
MAILED = Limit("bid_partner.mailed", 6, timedelta(hours=1))


def invite(partner: BidPartner, email: str, token: str) -> None:
    """Mail the link that takes an invitation up."""
    outbox.post(f"{FOLDER}/invited.txt", to=email, subject_id=partner.id, facts={"token": token})


def take_back(partner: BidPartner, email: str) -> None:
    """Write to an invited address that its invitation has run out."""
    outbox.post(f"{FOLDER}/invitation_ended.txt", to=email, subject_id=partner.id, facts={})


def tell(partner: BidPartner, template: str, people: Iterable[Person]) -> None:
    """Write to the partner's people about their part."""
    _post(partner, template, people, {"partner_id": str(partner.id)})


def tell_lead(partner: BidPartner, template: str, people: Iterable[Person]) -> None:
    """Write to the lead's people about one of their partners."""
    _post(partner, template, people, {"bid_id": str(partner.bid_id)})


def _post(
    partner: BidPartner, template: str, people: Iterable[Person], facts: dict[str, str]
) -> None:
    for person in people:
        outbox.post(f"{FOLDER}/{template}.txt", to=person.email, subject_id=partner.id, facts=facts)
