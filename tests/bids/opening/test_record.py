"""Each press needs a fresh second factor, and the opening leaves a record that names no bidder."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bids.evaluation.queries import evaluation_of
from bids.models import BidOpening, BidState, BidVersion, OpenedBid, OpeningState
from bids.opening.actions import confirm_opening
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.accounts.models import Person, SignInSession
from marketplace.acting import ROLES, Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from tests.support.bids import (
    bid_as_stored,
    closed_competition,
    decided_competition,
    opened_competition,
)
from tests.support.competition import answer, asked, move_to, officer_of
from tests.support.keyholders import divided_lot
from tests.support.lots import make_open_lot, pass_closing
from tests.support.people import make_person, sign_in
from tests.support.statements import statements_sent


def stale(row: SignInSession) -> None:
    ago = clock.technical_now() - timedelta(minutes=6)
    with write():
        of_session = update(SignInSession).where(SignInSession.id == row.id)
        db.session.execute(of_session.values(second_factor_at=ago))


def openings() -> list[BidOpening]:
    found = select(BidOpening).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def test_both_presses_ask_for_a_second_factor_of_the_last_five_minutes(app, client):
    competition = closed_competition()
    address = f"/lots/{competition.lot.id}/opening"
    for person, expected in (
        (competition.officer, OpeningState.CONFIRMED_ONCE),
        (competition.director, OpeningState.OPENED),
    ):
        before = [each.state for each in openings()]
        row = sign_in(client, person)
        page = client.show(address)
        button = "Confirm the opening" if not before else "Confirm and open the bids"
        stale(row)
        asked = client.submit(page, button, follow=False)
        assert asked.location.startswith("/confirm")
        assert [each.state for each in openings()] == before, "nothing was confirmed"
        sign_in(client, person)
        client.submit(address, button)
        assert openings()[0].state == expected
    assert evaluation_of(competition.lot.id) is not None


def test_no_page_offers_an_opening_while_a_question_has_no_answer(app, client):
    lot = make_open_lot()
    question = asked(lot)
    move_to(lot.closes_at + timedelta(hours=1))
    officer = officer_of(lot)
    sign_in(client, db.session.get_one(Person, officer.person_id))
    address = f"/lots/{lot.id}/opening"
    assert address not in client.show(f"/lots/{lot.id}").links().values()
    assert address not in client.show("/").links().values()
    assert "Confirm the opening" not in client.show(address).text
    with pytest.raises(Refusal, match="no answer yet"), write():
        confirm_opening(lot.id, officer)
    answer(question, officer)
    move_to(db.session.get_one(Lot, lot.id, populate_existing=True).closes_at)
    sign_in(client, db.session.get_one(Person, officer.person_id))
    assert address in client.show(f"/lots/{lot.id}").links().values()
    assert address in client.show("/").links().values()
    assert "Confirm the opening" in client.show(address).text


def test_codes_are_asked_for_only_after_a_fresh_second_factor(app, client):
    made = divided_lot(2)
    pass_closing(made.lot)
    row = sign_in(client, made.holders[0])
    address = f"/lots/{made.lot.id}/opening/code"
    assert client.get(address).status_code == 200
    stale(row)
    assert client.get(address).location.startswith("/confirm")


def test_the_record_lists_every_version_with_its_hash_and_nobody_s_name(app, client):
    competition = opened_competition()
    versions = [bid_as_stored(bid_id).latest for bid_id in competition.bids]
    for person in (competition.director, make_person(Role.AUDITOR)):
        sign_in(client, person)
        page = client.show(f"/lots/{competition.lot.id}/opening")
        for version in versions:
            assert version.sha256 in page.text
        assert competition.officer.name in page.text and competition.director.name in page.text
        assert str(ROLES[Role.DIRECTOR]) in page.text
        for bid_id in competition.bids:
            assert bid_as_stored(bid_id).organisation_id.hex not in page.text.replace("-", "")
    opening = openings()[0]
    assert (opening.first_role, opening.second_role) == ("commissioning_officer", "director")


def test_the_public_reads_the_record_once_the_decision_is_public(app, client):
    opened = opened_competition()
    sha256 = bid_as_stored(opened.bids[0]).latest.sha256
    assert sha256 not in client.show(f"/opportunities/{opened.lot.id}").text
    decided = decided_competition()
    page = client.show(f"/opportunities/{decided.lot.id}").text
    for bid_id in decided.bids:
        assert bid_as_stored(bid_id).latest.sha256 in page
    assert decided.officer.name not in page


def test_one_broken_seal_opens_nothing(app):
    competition = closed_competition()
    officer, director = (
        competition.acting(each) for each in (competition.officer, competition.director)
    )
    with write():
        confirm_opening(competition.lot.id, officer)
    with write():
        one, other = (bid_as_stored(bid_id).latest for bid_id in competition.bids)
        # A version cannot be altered; one put in from outside holds another bid's content.
        forged = BidVersion(
            bid=other.bid,
            number=other.number + 1,
            submitted_at=other.submitted_at,
            submitted_by=other.submitted_by,
            sha256=other.sha256,
            sealed_content=bytes(one.sealed_content),
            sealed_price=bytes(other.sealed_price),
            own_copy=other.own_copy,
        )
        db.session.add(forged)
    with pytest.raises(Refusal, match="seal does not hold"), write():
        confirm_opening(competition.lot.id, director)
    assert {bid_as_stored(each).state for each in competition.bids} == {BidState.SUBMITTED}
    assert not db.session.scalars(select(OpenedBid)).all()
    assert openings()[0].state == OpeningState.CONFIRMED_ONCE
    assert db.session.get_one(Lot, competition.lot.id).state == LotState.CLOSED


def test_statements_grow_by_a_few_for_each_bid_and_versions_are_read_at_once(app):
    sent = {}
    for count in (2, 6):
        competition = closed_competition(prices=tuple(9_000_00 + n for n in range(count)))
        with write():
            confirm_opening(competition.lot.id, competition.acting(competition.officer))
        by = competition.acting(competition.director)
        with statements_sent() as seen, write():
            confirm_opening(competition.lot.id, by)
        sent[count] = seen
    reading = [each for each in sent[6] if "FROM bid_version" in each]
    assert len(reading) == len([each for each in sent[2] if "FROM bid_version" in each])
    assert len(sent[6]) - len(sent[2]) <= 4 * 8
