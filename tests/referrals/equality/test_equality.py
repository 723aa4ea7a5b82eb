"""Answers are kept apart, read by nobody again, and become figures without small numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.permissions import NotYours
from referrals.equality import actions, counting
from referrals.equality.figures import figures_of, hidden_groups
from referrals.equality.models import EqualityAnswer, EqualityFigure
from referrals.equality.vocabulary import Characteristic
from referrals.services.models import FEWEST_PEOPLE
from tests.support.people import acting_as, make_person, sign_in
from tests.support.referrals import finished_answers, send, started

ETHNICITY = Characteristic.ETHNICITY
KEEP = "Keep the answers"


def refer(house, number):
    """A referral of the person of this number."""
    crn = {"crn": f"X{number:06}"}
    return send(house.area_id, house.by.practitioner, finished_answers(crn=crn))


def say(referral, group, by):
    with write():
        actions.record(referral.id, {ETHNICITY: group}, by)


def test_answers_stand_apart_from_the_case_and_can_be_taken_back(house):
    referral = send(house.area_id, house.by.practitioner)
    say(referral, "traveller", house.by.practitioner)
    say(referral, "white", house.by.caseworker)

    stored = db.session.execute(text("SELECT * FROM equality_answer")).mappings().one()
    values = " ".join(str(each) for each in stored.values())
    assert "white" not in values
    assert str(referral.id) not in values and referral.id.hex not in values
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "referral:equality_asked")
    ).all()
    assert len(events) == 2
    assert all("white" not in str(each.details) for each in events)

    with write():
        assert actions.forget(referral.id, house.by.practitioner)
    assert db.session.scalars(select(EqualityAnswer)).all() == []
    with write():
        assert not actions.forget(referral.id, house.by.practitioner)


def test_only_the_two_sides_of_a_case_ask(house):
    referral = send(house.area_id, house.by.practitioner)
    for stranger in (house.by.stranger, house.by.rival):
        with pytest.raises(NotYours), write():
            actions.record(referral.id, {}, stranger)


def test_what_was_said_is_never_shown_again(house, client):
    referral = send(house.area_id, house.by.practitioner)
    sign_in(client, house.people["practitioner"])
    address = f"/cases/{referral.id}/equality"

    refused = client.submit(address, button=KEEP, fields={"ethnicity": "traveller"}).page
    assert "Ask the person first" in refused.text
    assert db.session.scalars(select(EqualityAnswer)).all() == []

    client.submit(address, button=KEEP, fields={"agreed": "y", "ethnicity": "traveller"})
    assert actions.is_recorded(referral.id)
    page = client.show(address)
    assert "Answers are kept for this person" in page.text
    assert "traveller" not in dict(page.form(KEEP).values()).values()


def test_figures_of_a_region_leave_small_groups_out(house):
    manager = acting_as(make_person(Role.EQUALITIES_MANAGER, house.region), house.region)
    elsewhere = acting_as(make_person(Role.EQUALITIES_MANAGER))
    sent = [refer(house, number) for number in range(2)]
    started(sent[0], house.by.caseworker)
    # Nobody has a place any more: the rest wait, which is access that was not given.
    sent += [refer(house, number) for number in range(2, 2 * FEWEST_PEOPLE + 1)]
    for number, referral in enumerate(sent):
        group = "black" if number < FEWEST_PEOPLE else "white"
        say(referral, "traveller" if number == len(sent) - 1 else group, house.by.practitioner)
    # Somebody who is referred again and again is one person still.
    for _again in range(FEWEST_PEOPLE):
        say(refer(house, len(sent) - 1), "traveller", house.by.practitioner)

    assert counting.count(clock.now()) > 0
    assert counting.count(clock.now()) == 0, "once a day"

    tables = {str(each.label): each.groups for each in figures_of("K", manager).tables}
    shown = {str(each.label): each for each in tables["Ethnic group"]}
    assert shown["Gypsy, Irish Traveller or Roma"].people is None
    assert [each.people for each in tables["Ethnic group"]].count(None) == 2
    assert shown["White"].people == FEWEST_PEOPLE
    assert [each.people for each in tables["Sex"]] == [len(sent)]
    with pytest.raises(NotYours):
        figures_of("K", elsewhere)


def test_figures_are_of_one_year_and_of_yesterdays_answers_no_more(house):
    referral = send(house.area_id, house.by.practitioner)
    say(referral, "white", house.by.practitioner)
    assert counting.count(clock.now()) > 0
    with write():
        actions.forget(referral.id, house.by.practitioner)
    assert counting.count(clock.now() + timedelta(days=1)) == 0
    assert db.session.scalars(select(EqualityFigure)).all() == []


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 30), max_size=8))
def test_nothing_hidden_can_be_worked_out_from_the_rest(people):
    hidden = hidden_groups(people)
    assert all(group in hidden for group, count in people.items() if count < FEWEST_PEOPLE)
    assert len(hidden) != 1 or len(people) == 1
