"""One invitation pressed by several organisations at once binds one; deadlines hold for names."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select

from bids.partners.models import BidPartner, PartnerState
from bids.submitting.content import DECLARATIONS
from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.database import db
from tests.races.conftest import Race
from tests.races.submitting import versions_of
from tests.races.together import at_once
from tests.support.bid_partners import confirmed_partner, drafted_bid, invite_by_mail
from tests.support.mails import facts_of_last_mail
from tests.support.people import make_organisation, make_person

pytestmark = pytest.mark.race


def test_a_forwarded_link_pressed_by_many_at_once_is_one_organisations(race: Race) -> None:
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead, "many@ivy.example")
    link = f"/partner-invitations/{facts_of_last_mail('many@ivy.example')['token']}"
    forms = []
    for number in range(6):
        organisation = make_organisation(name=f"Ivy {number}")
        visitor = race.visitor(make_person(Role.BID_MANAGER, organisation))
        action, values = visitor.form_at(link, f"Take this up as Ivy {number}")
        forms.append((organisation.id, partial(visitor.post, action, values)))

    answers = at_once([call for _organisation, call in forms])

    race.look_again()
    assert Counter(answer.status_code for answer in answers) == {200: 1, 410: 5}
    won = [forms[number][0] for number, answer in enumerate(answers) if answer.status_code == 200]
    partner = db.session.get_one(BidPartner, partner_id)
    assert partner.state is PartnerState.TAKEN_UP
    assert partner.organisation == str(won[0])
    lost = next(answer for answer in answers if answer.status_code == 410)
    assert "taken this invitation up already" in lost.text


def test_two_links_of_one_bid_pressed_at_once_by_one_organisation_are_one_part(race: Race) -> None:
    bid_id, lead = drafted_bid()
    visitor = race.visitor(make_person(Role.TRUSTEE, make_organisation(name="Holly Works")))
    calls = []
    for address in ("one@holly.example", "two@holly.example"):
        invite_by_mail(bid_id, lead, address)
        link = f"/partner-invitations/{facts_of_last_mail(address)['token']}"
        calls.append(partial(visitor.post, *visitor.form_at(link, "Take this up as Holly Works")))

    answers = at_once(calls)

    race.look_again()
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}
    parts = select(BidPartner).where(
        BidPartner.bid_id == bid_id, BidPartner.state == PartnerState.TAKEN_UP
    )
    assert len(db.session.scalars(parts).all()) == 1


def test_a_name_withdrawn_while_the_lead_submits_is_never_lost(race: Race) -> None:
    """Whichever comes first: a version that names the partner is known to have lost the name."""
    bid_id, lead = drafted_bid()
    partner_id, by = confirmed_partner(bid_id, lead)
    bidder = race.visitor(db.session.get_one(Person, lead.person_id))
    partner = race.visitor(db.session.get_one(Person, by.person_id))
    action, values = bidder.form_at(f"/bids/{bid_id}/check", "Submit the bid")
    values["declarations"] = list(DECLARATIONS)
    leaving = partner.form_at(f"/partner-bids/{partner_id}/withdraw", "Withdraw our name")

    submitted, left = at_once(
        [partial(bidder.post, action, values), partial(partner.post, *leaving)]
    )

    race.look_again()
    part = db.session.get_one(BidPartner, partner_id)
    assert left.status_code == 200 and part.state is PartnerState.WITHDRAWN
    accepted = submitted.url.endswith(f"/bids/{bid_id}/receipt")
    assert submitted.status_code == 200 or not accepted and submitted.status_code == 409
    assert len(versions_of(bid_id)) == accepted
    assert part.named == (part.left_at is not None) == accepted
