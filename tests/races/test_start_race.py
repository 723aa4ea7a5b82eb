"""Two colleagues who start their organisation's bid at the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from bids.models import Bid
from marketplace.acting import Role
from marketplace.audit import AuditEvent, verify
from marketplace.database import db
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.bids import bidder
from tests.support.lots import make_open_lot
from tests.support.people import make_person

pytestmark = pytest.mark.race


def test_one_bid_started_by_colleagues_at_once(race: Race) -> None:
    lot = make_open_lot()
    organisation, manager = bidder()
    people = [manager, *(make_person(Role.BID_MANAGER, organisation) for _ in range(5))]
    visitors = [race.visitor(each) for each in people]
    forms = [each.form_at(f"/opportunities/{lot.id}", "Start a bid") for each in visitors]

    answers = at_once(
        [partial(visitor.post, *form) for visitor, form in zip(visitors, forms, strict=True)]
    )

    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    bids = db.session.scalars(select(Bid.id).where(Bid.lot_id == lot.id)).all()
    assert len(bids) == 1
    started = select(AuditEvent).where(
        AuditEvent.action == "bid:start", AuditEvent.subject_id == str(bids[0])
    )
    assert len(db.session.scalars(started).all()) == 1
    assert verify().holds
