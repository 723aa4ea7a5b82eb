"""What a bidder is told whose bid did not come in time, and what is on record of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from bids.models import BidState
from bids.submitting import actions as submitting
from bids.submitting import moments
from bids.submitting.content import DECLARATIONS
from bids.working import TooLate
from lots.actions import cancel_lot
from lots.models import Lot
from lots.vocabulary import EndReason
from marketplace import clock
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours
from tests.support.bids import bid_as_stored, bidder, fill_in, seen_of
from tests.support.competition import director_of
from tests.support.lots import make_open_lot
from tests.support.pages import Page
from tests.support.people import acting_as, sign_in


@pytest.fixture
def ready(app, client):
    """(client, bid manager acting, the lot, the bid's id, its form filled in)."""
    lot = make_open_lot()
    organisation, person = bidder()
    bid_id = fill_in(lot, acting_as(person))
    sign_in(client, person, organisation)
    page = Page(client.get(f"/bids/{bid_id}/check").text)
    form = dict(page.form("Submit the bid").values()) | {"declarations": list(DECLARATIONS)}
    return client, acting_as(person), lot, bid_id, form


def close_now(lot):
    """Let the deadline be this moment of the database's clock."""
    with write():
        moment = clock.judged_now()
        db.session.execute(update(Lot).where(Lot.id == lot.id).values(closes_at=moment))
    return moment


def test_the_page_shows_both_moments_and_the_trail_keeps_them(ready):
    client, _by, lot, bid_id, form = ready
    closes_at = close_now(lot)
    answer = client.post(f"/bids/{bid_id}/check", data=form)
    page = Page(answer.text)
    assert (answer.status_code, page.h1) == (409, "This lot has closed")
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bid:too_late"))
    judged_at = datetime.fromisoformat(event.details["judged_at"])
    assert datetime.fromisoformat(event.details["closes_at"]) == closes_at <= judged_at
    for moment in (closes_at, judged_at):
        assert moments.in_utc(moment) in page.text and moments.in_london(moment) in page.text
    assert (event.subject_id, event.person_id, event.organisation_id) == (str(bid_id), None, None)
    bid = bid_as_stored(bid_id)
    assert (bid.state, bid.versions) == (BidState.DRAFT, [])


def test_the_very_moment_is_late_and_one_microsecond_before_is_not(ready):
    _client, by, lot, bid_id, _form = ready
    moment = close_now(lot)
    with clock.telling_the_past(moment), pytest.raises(TooLate), write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    just_before = moment - timedelta(microseconds=1)
    with clock.telling_the_past(just_before), write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    assert bid_as_stored(bid_id).latest.submitted_at == just_before


def test_nobody_puts_a_refusal_on_record_for_another_s_bid(ready):
    _client, _by, lot, bid_id, _form = ready
    _organisation, stranger = bidder()
    with pytest.raises(NotYours), write():
        submitting.note_late(bid_id, lot.closes_at, lot.closes_at, acting_as(stranger))


def test_a_lot_that_the_buyer_ended_is_not_said_to_have_closed(ready):
    client, by, lot, bid_id, form = ready
    with write():
        cancel_lot(lot.id, next(iter(EndReason)), director_of(lot))
    with pytest.raises(Refusal, match="ended this lot"), write():
        submitting.submit_bid(bid_id, DECLARATIONS, seen_of(bid_id), by)
    answer = client.post(f"/bids/{bid_id}/check", data=form)
    assert answer.status_code == 409
    assert "ended this lot" in answer.text
    assert (
        db.session.scalars(select(AuditEvent).where(AuditEvent.action == "bid:too_late")).all()
        == []
    )
