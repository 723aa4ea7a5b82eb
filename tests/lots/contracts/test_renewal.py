"""The radar tells once for each band; what comes next is decided, published and begun once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from lots.contracts.models import Contract
from lots.contracts.renewal import actions, queries, radar
from lots.contracts.renewal.models import Choice, RadarNotice, RenewalDecision
from lots.models import Lot
from lots.vocabulary import LotState, Route
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.calendar import months_later
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, Refused
from tests.support.contracts import make_live_contract
from tests.support.life import end_on, keep_month, last_months
from tests.support.mails import mails_to
from tests.support.people import acting_as, make_person, sign_in


def at(day):
    return calendar.start_of(day) + timedelta(hours=9)


def decide(contract, by, choice=Choice.RECOMPETE, reason="It is needed.", note=""):
    with write():
        return actions.decide(contract.id, choice, reason, note, by).id


def radar_mails(person):
    return [each for each in mails_to(person.email) if each.template.endswith("radar.txt")]


def test_the_buyer_is_told_once_for_each_band_until_it_has_decided(sides, live):
    today = clock.today()
    last = months_later(today, 19)
    end_on(live.id, last)
    assert radar.tell_bands(at(today)) == 0
    officer = sides.people["commissioning_officer"]
    told = []
    for months in (18, 12):
        day = radar.first_day_within(last, months, today)
        assert radar.next_band(at(day - timedelta(days=1))) == calendar.start_of(day)
        assert radar.tell_bands(at(day)) == 1
        assert radar.tell_bands(at(day)) == 0
        told.append(months)
        assert len(radar_mails(officer)) == len(told)
    assert set(db.session.scalars(select(RadarNotice.band))) == {18, 12}
    decide(live, sides.commissioning_officer)
    assert radar.tell_bands(at(radar.first_day_within(last, 9, today))) == 0


def test_a_decision_is_replaced_and_one_for_another_last_day_does_not_stand(sides, live, again):
    first = decide(live, sides.contract_manager, Choice.STOP)
    second = decide(live, sides.contract_manager, Choice.EXTEND)
    assert again(RenewalDecision, first).replaced_at is not None
    contract = db.session.get_one(Contract, live.id)
    assert queries.standing(contract).id == second
    end_on(live.id, live.ends_on + timedelta(days=90))
    db.session.expire_all()
    assert queries.standing(db.session.get_one(Contract, live.id)) is None


def test_the_next_lot_begins_once_as_a_copy_and_as_a_grant_where_that_was_decided(sides, live):
    officer = sides.commissioning_officer
    with pytest.raises(Refusal, match="Decide first"), write():
        actions.begin_lot(live.id, officer)
    decide(live, sides.contract_manager, Choice.GRANT, note="Ask about the evenings.")
    with pytest.raises(Refused), write():
        actions.begin_lot(live.id, sides.contract_manager)
    with write():
        lot_id = actions.begin_lot(live.id, officer)[0].id
    lot = db.session.get_one(Lot, lot_id)
    assert (lot.route, lot.copied_from_id, lot.starts_on) == (Route.GRANT, live.lot_id, None)
    with pytest.raises(AlreadyChanged), write():
        actions.begin_lot(live.id, officer)
    with pytest.raises(Refusal, match="has been begun"):
        decide(live, officer)


def test_another_buyer_neither_sees_nor_decides(sides, live):
    other = acting_as(make_person(Role.CONTRACT_MANAGER))
    with pytest.raises(NotYours):
        queries.contract(live.id, other)
    with pytest.raises(Refused):
        decide(live, other)


def test_the_radar_leads_to_a_decision_its_lessons_and_the_public_reason(sides, live, client):
    end_on(live.id, months_later(clock.today(), 8))
    keep_month(live.id, last_months(1)[0], 6, 10, of=6)
    far = make_live_contract(sides.charity, buyer=sides.region)
    sign_in(client, sides.people["commissioning_officer"])
    page = client.get("/contracts/radar").text
    assert page.index(live.reference) < page.index(far.reference)
    assert "9 months" in page and "To decide" in page
    decided = client.submit(
        f"/contracts/{live.id}/next/decide",
        "Record the decision",
        choice="recompete",
        reason="People’s need has not changed <b>",
        note="Ask for evenings",
    )
    assert "6 of 10 expected" in decided.page.text
    begun = client.submit(f"/contracts/{live.id}/next", "Begin the next lot from this one")
    assert "Lessons of the last lot" in begun.page.text
    assert "Ask for evenings" in begun.page.text
    public = client.get(f"/published-contracts/{live.id}").text
    assert "People’s need has not changed &lt;b&gt;" in public
    assert "Ask for evenings" not in public


def test_a_planned_lot_says_in_public_which_contract_it_follows_and_why(sides, live, client):
    decide(live, sides.contract_manager, reason="It is needed.", note="Ask about evenings.")
    with write():
        lot_id = actions.begin_lot(live.id, sides.commissioning_officer)[0].id
        db.session.execute(
            update(Lot)
            .where(Lot.id == lot_id)
            .values(state=LotState.PLANNED, planned_at=clock.now())
        )
    page = client.get(f"/opportunities/{lot_id}").text
    assert live.reference in page and "It is needed." in page
    assert "Ask about evenings." not in page
    linked = client.get(f"/published-contracts/{live.id}").text
    assert f"/opportunities/{lot_id}" in linked
