"""Whom a lead may ask to be its partner, and who takes an invitation up or declines it."""

from __future__ import annotations

import pytest

from bids.partners import answering, queries
from bids.partners.models import PartnerState
from marketplace.acting import OrganisationKind, Role
from marketplace.database import write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import Refused
from tests.support.bid_partners import (
    confirmed_partner,
    drafted_bid,
    invite,
    invite_by_mail,
    manager_of,
    missing,
    organisation_of,
    partner_as_stored,
    withdraw,
)
from tests.support.bids import bid_as_stored, fill_in
from tests.support.lots import make_open_lot, pass_closing
from tests.support.mails import facts_of_last_mail, mails_to
from tests.support.people import acting_as, make_organisation, make_person


def token_to(address):
    return facts_of_last_mail(address)["token"]


def test_a_caseworker_of_the_partner_answers_for_nobody(app):
    bid_id, lead = drafted_bid()
    organisation = make_organisation()
    manager_of(organisation)
    partner_id = invite(bid_id, lead, organisation)
    by = acting_as(make_person(Role.CASEWORKER, organisation), organisation)
    with pytest.raises(Refused), write():
        answering.take_up(partner_id, by)


def test_a_mailed_invitation_is_taken_up_by_whoever_opens_it_and_the_address_is_erased(app):
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead)
    assert partner_as_stored(partner_id).email == "ivy@ivy.example"
    forwarded_to = manager_of(make_organisation(name="Holly Works"))
    with write():
        answering.take_up_with(token_to("ivy@ivy.example"), forwarded_to)
    partner = partner_as_stored(partner_id)
    assert (partner.state, partner.name) == (PartnerState.TAKEN_UP, "Holly Works")
    assert (partner.invited_as, partner.email) == ("Ivy Mentors", None)
    assert [each.id for each in queries.own_parts(forwarded_to).items] == [partner_id]


def test_the_second_of_two_who_take_an_invitation_up_reads_that_it_is_taken(app):
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead)
    token = token_to("ivy@ivy.example")
    first, second = manager_of(make_organisation()), manager_of(make_organisation())
    with write():
        answering.take_up_with(token, first)
    with pytest.raises(AlreadyChanged, match="taken this invitation up already"), write():
        answering.take_up_with(token, second)
    assert partner_as_stored(partner_id).organisation == str(first.organisation_id)


def test_the_lead_is_not_its_own_partner(app):
    bid_id, lead = drafted_bid()
    with pytest.raises(Refusal, match="its own partner"):
        invite(bid_id, lead, organisation_of(lead))
    invite_by_mail(bid_id, lead)
    with pytest.raises(Refusal, match="its own partner"), write():
        answering.take_up_with(token_to("ivy@ivy.example"), lead)


def test_an_organisation_is_partner_in_one_bid_once(app):
    bid_id, lead = drafted_bid()
    organisation = make_organisation()
    by = manager_of(organisation)
    confirmed_partner(bid_id, lead, organisation)
    with pytest.raises(Refusal, match="already"):
        invite(bid_id, lead, organisation)
    invite_by_mail(bid_id, lead)
    with pytest.raises(Refusal, match="already"), write():
        answering.take_up_with(token_to("ivy@ivy.example"), by)


def test_an_organisation_may_be_partner_in_several_bids_for_one_lot_and_bid_itself(app):
    lot, organisation = make_open_lot(), make_organisation()
    for _bid in range(2):
        bid_id, lead = drafted_bid(lot=lot)
        confirmed_partner(bid_id, lead, organisation)
    by = manager_of(organisation)
    fill_in(lot, by)
    assert queries.own_parts(by).total == 2


def test_an_organisation_that_left_can_be_asked_again(app):
    bid_id, lead = drafted_bid()
    organisation = make_organisation()
    first, by = confirmed_partner(bid_id, lead, organisation)
    withdraw(first, by)
    second = invite(bid_id, lead, organisation)
    assert partner_as_stored(first).state == PartnerState.REMOVED
    assert [each.id for each in queries.partners_of(bid_as_stored(bid_id))] == [second]


def test_only_providers_with_somebody_to_answer_are_asked_on_their_own_pages(app):
    bid_id, lead = drafted_bid()
    with pytest.raises(Refusal, match="email address"):
        invite(bid_id, lead, make_organisation())
    with pytest.raises(Refusal, match="from the list"):
        invite(bid_id, lead, make_organisation(OrganisationKind.PRISON))


def test_providers_are_found_by_a_part_of_their_name_and_no_sign_is_a_wildcard(app):
    _bid_id, lead = drafted_bid("Oak 100% House")
    found = make_organisation(name="Ivy 50% O’Neill_Trust")
    make_organisation(name="Ivy without people")
    manager_of(found)
    names = [each.name for each in queries.found_by_name("ivy", lead.organisation_id)]
    assert names == [found.name]
    assert queries.found_by_name("5_% o", lead.organisation_id) == []
    assert queries.found_by_name("oak 100%", lead.organisation_id) == []


def test_closing_erases_addresses_that_nobody_answered_from(app):
    bid_id, lead = drafted_bid()
    partner_id = invite_by_mail(bid_id, lead)
    pass_closing(bid_as_stored(bid_id).lot)
    assert partner_as_stored(partner_id).email is None


def test_declining_needs_no_account_and_tells_the_lead(app):
    bid_id, lead = drafted_bid()
    lead_person = make_person(Role.BID_MANAGER, organisation_of(lead))
    partner_id = invite_by_mail(bid_id, lead)
    with write():
        answering.decline_with(token_to("ivy@ivy.example"))
    partner = partner_as_stored(partner_id)
    assert (partner.state, partner.email) == (PartnerState.DECLINED, None)
    assert mails_to(lead_person.email)[-1].template.endswith("declined.txt")
    assert "has declined" in missing(bid_id, lead)


def test_one_address_is_invited_once_at_a_time(app):
    bid_id, lead = drafted_bid()
    invite_by_mail(bid_id, lead, "Ivy@ivy.example")
    with pytest.raises(Refusal, match="invited already"):
        invite_by_mail(bid_id, lead, "ivy@IVY.example ")
