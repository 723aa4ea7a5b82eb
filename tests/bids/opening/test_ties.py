"""Whoever belongs to a bidder neither opens the bids nor reads the record of the opening."""

from __future__ import annotations

import pytest

from bids.opening.actions import confirm_opening
from bids.opening.queries import opening_of
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours
from tests.support.bid_partners import confirmed_partner
from tests.support.bids import bidder, closed_competition
from tests.support.people import give_role, make_organisation, make_person, sign_in

TIED = "Your organisation has a bid in for this lot"


def tied_by_a_bid():
    ours, theirs = bidder("Ours")[0], bidder("Theirs")[0]
    return closed_competition(bidders=(ours, theirs)), ours


def tied_by_a_part():
    ivy = make_organisation(name="Ivy Mentors")
    return closed_competition(
        prepare=lambda bid_id, by: confirmed_partner(
            bid_id, by, db.session.get_one(Organisation, ivy.id)
        )
    ), ivy


@pytest.mark.parametrize("tie", [tied_by_a_bid, tied_by_a_part])
def test_whoever_belongs_to_a_bidder_opens_nothing_and_reads_no_record(app, client, tie):
    competition, organisation = tie()
    lot = competition.lot
    for person in (competition.officer, competition.director):
        give_role(person, organisation, Role.TRUSTEE)
        by = competition.acting(person)
        with pytest.raises(Refusal, match=TIED), write():
            confirm_opening(lot.id, by)
    sign_in(client, competition.officer, competition.buyer)
    page = client.show(f"/lots/{lot.id}/opening")
    assert TIED in page.text and "Confirm the opening" not in page.text
    assert organisation.name not in page.text
    for role in (Role.COMMISSIONING_OFFICER, Role.DIRECTOR):
        other = competition.acting(make_person(role, competition.buyer))
        with write():
            confirm_opening(lot.id, other)
    assert opening_of(lot.id, other).bids
    with pytest.raises(NotYours):
        opening_of(lot.id, competition.acting(competition.officer))
    client.show(f"/lots/{lot.id}/opening", 404)
