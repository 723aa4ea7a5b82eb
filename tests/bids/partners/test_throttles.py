"""Nobody fills another organisation's letter boxes, and inviting partners leaves accounts alone."""

from __future__ import annotations

from sqlalchemy import select

from bids.partners.mails import MAILED
from marketplace.accounts.models import Person, Throttle
from marketplace.database import db
from tests.support.bid_partners import (
    drafted_bid,
    invite,
    manager_of,
    organisation_of,
)
from tests.support.mails import mails_to
from tests.support.people import make_organisation, sign_in


def person_of(by):
    return db.session.get_one(Person, by.person_id)


def test_a_proposal_changed_over_and_over_is_mailed_a_few_times_only(app, client):
    bid_id, lead = drafted_bid()
    partner = manager_of(make_organisation())
    partner_id = invite(bid_id, lead, organisation_of(partner))
    sign_in(client, person_of(lead))
    address = f"/bids/{bid_id}/partners/{partner_id}"
    before = len(mails_to(person_of(partner).email))
    for number in range(MAILED.most):
        client.submit(address, "Change the proposal", role=f"Mentoring {number}")
    page = client.show(address)
    answer = client.submit(page, "Change the proposal", role="Once more")
    assert answer.status_code == 429
    assert len(mails_to(person_of(partner).email)) - before == MAILED.most
    kinds = set(db.session.scalars(select(Throttle.kind)))
    assert MAILED.kind in kinds and "invitations" not in kinds
