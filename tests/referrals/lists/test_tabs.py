"""What each list holds for whom: all that may be seen and belongs there, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace import clock
from marketplace.database import db, write
from referrals import clocks
from referrals.answering import actions, assigning
from referrals.codes import EndReason
from referrals.lists import indexing, overdue, queries, room
from referrals.lists.asking import Asked
from referrals.lists.scopes import sight
from referrals.lists.tabs import Sort, Tab, tabs_for
from referrals.models import ClockKind, Referral, ReferralClock
from referrals.permissions import visible_to
from tests.support.lists import first_page
from tests.support.people import sign_in
from tests.support.referrals import accepted, again, in_custody, send, started


def listed(by, tab, **filters):
    asked = Asked(tab, Sort.REFERENCE, **filters)
    return {row.id for row in queries.page(by, asked, sight(by)).rows}


def late(referral, kind=ClockKind.RESPONSE):
    with write():
        db.session.execute(
            update(ReferralClock)
            .where(ReferralClock.referral_id == referral.id, ReferralClock.kind == kind)
            .values(due_on=clock.today() - timedelta(days=1))
        )
        clocks.note_next(referral.id)


def test_each_list_holds_what_belongs_there_for_both_sides(town):
    by = town.by
    sent = [town.refer(crn=f"X00000{each}") for each in range(4)]
    new, asked_about, taken, ended = (each.id for each in sent)
    of_colleague = town.refer(by=by.colleague).id
    at_work = started(town.refer(), by.caseworker).id
    with write():
        actions.query(asked_about, "When?", by.manager)
    with write():
        actions.accept(taken, by.manager)
    with write():
        actions.withdraw(ended, EndReason.MISTAKE, "", by.practitioner)
    late(sent[0])
    everything = {new, asked_about, taken, of_colleague, at_work}
    assert listed(by.practitioner, Tab.MINE) == everything - {of_colleague}
    assert listed(by.colleague, Tab.MINE) == {of_colleague}
    assert listed(by.team_manager, Tab.MINE) == set()
    for who in (by.practitioner, by.colleague, by.team_manager):
        assert listed(who, Tab.OPEN) == everything
        assert listed(who, Tab.QUESTIONS) == {asked_about}
        assert listed(who, Tab.AWAITING) == {new, of_colleague}
        assert listed(who, Tab.UNASSIGNED) == {taken}
        assert listed(who, Tab.OVERDUE) == {new}
        assert listed(who, Tab.ENDED) == {ended}
        assert listed(who, Tab.WAITING) == set()
    assert listed(by.practitioner, Tab.OPEN, person=by.colleague.person_id) == {of_colleague}
    for who in (by.manager, by.caseworker):
        assert listed(who, Tab.NEW) == {new, asked_about, of_colleague}
        assert listed(who, Tab.UNASSIGNED) == {taken}
        assert listed(who, Tab.ACTIVE) == {taken, at_work}
        assert listed(who, Tab.OVERDUE) == {new}
        assert listed(who, Tab.ENDED) == {ended}
    assert listed(by.caseworker, Tab.MINE) == {at_work}
    assert listed(by.second_caseworker, Tab.MINE) == set()
    assert listed(by.manager, Tab.ACTIVE, person=by.caseworker.person_id) == {at_work}
    assert listed(by.manager, Tab.ACTIVE, service=town.area_id) == set()
    for who in (by.rival, by.stranger, by.prison_practitioner):
        assert not any(listed(who, tab) for tab in tabs_for(who))


def test_the_lists_together_hold_exactly_what_may_be_seen(town):
    by = town.by
    mine = town.refer()
    secret = town.refer(restricted={"is_restricted": "yes", "named": ""})
    accepted(secret, by.manager)
    with write():
        assigning.assign(secret.id, by.caseworker.person_id, by.manager)
    for _ in range(3):
        send(town.area_id, by.colleague)
    with write():
        assigning.assign(mine.id, by.second_caseworker.person_id, by.manager)
    for name in vars(by):
        who = getattr(by, name)
        seen = set(db.session.scalars(select(Referral.id).where(visible_to(who))))
        assert listed(who, Tab.OPEN) == seen, name
    assert secret.id in listed(by.caseworker, Tab.MINE)
    assert secret.id not in listed(by.second_caseworker, Tab.ACTIVE)


def test_ending_soon_counts_from_a_monday_four_weeks_before(town):
    soon, later = (
        town.refer(**{"complete-by": {"complete_by": str(clock.today() + timedelta(days=days))}})
        for days in (27, 60)
    )
    assert listed(town.by.practitioner, Tab.ENDING) == set()
    assert town.index() == 2
    assert listed(town.by.practitioner, Tab.ENDING) == {soon.id}
    stored = again(soon.id).ends_soon_on
    assert stored.weekday() == 0 and stored == indexing.soon_from(clock.today() + timedelta(27))
    with write():
        db.session.get_one(Referral, later.id).complete_by = str(clock.today())
    assert town.index() == 1
    assert listed(town.by.manager, Tab.ENDING) == {soon.id, later.id}


@pytest.mark.parametrize(
    ("release_on", "warning"),
    [("2099-01-09", "Friday release"), ("2099-01-07", None), ("2099-12-24", "Release before a")],
)
def test_hard_days_of_release_stand_out(town, release_on, warning):
    referral = town.refer(**in_custody("2099-01-07"))
    with write():
        stored = db.session.get_one(Referral, referral.id)
        stored.release_on, stored.has_address = release_on, "no"
    (row,) = first_page(town.by.practitioner, Tab.OPEN).rows
    assert str(row.release_on) == release_on and row.has_no_address
    assert (row.release_warning or "").startswith(warning or "") and bool(warning) == bool(
        row.release_warning
    )


def test_overdue_is_counted_by_person_team_provider_and_contract(app, town):
    by = town.by
    first, second = started(town.refer(), by.caseworker), town.refer(by=by.colleague)
    late(first, ClockKind.ASSESSMENT)
    late(second)
    with write():
        db.session.execute(
            update(Referral)
            .where(Referral.id.in_([first.id, second.id]))
            .values(next_due_on=clock.today() - timedelta(days=1))
        )

    def figures(who):
        with app.test_request_context():
            return [
                [(line.label, line.count) for line in each.lines] for each in overdue.tables(who)
            ]

    caseworker = town.people["caseworker"].name
    of_provider = figures(by.manager)
    assert sorted(of_provider[0]) == sorted([(caseworker, 1), ("Nobody", 1)])
    assert [count for _label, count in of_provider[1]] == [2]
    people, teams, providers, contracts = figures(by.team_manager)
    assert [count for _name, count in people] == [1, 1]
    assert [count for _name, count in teams] == [2]
    assert providers == [("Harbour Trust", 2)]
    assert contracts[0][0].startswith(town.large.reference)
    assert not any(figures(by.rival))


def test_the_front_page_says_what_waits(app, town):
    town.refer()
    with app.test_request_context():
        assert [item.count for item in room.waits_for(town.by.manager)] == [1]
        assert room.waits_for(town.by.practitioner) == []


def test_a_provider_reads_how_many_wait_and_never_who(house, client):
    send(house.area_id, house.by.practitioner)
    send(house.area_id, house.by.practitioner)
    send(house.area_id, house.by.practitioner)
    waiting = len(first_page(house.by.practitioner, Tab.WAITING).rows)
    assert waiting
    sign_in(client, house.people["manager"])
    page = client.show("/referrals?show=active&state=waiting")
    assert f": {waiting}. You see who they are once they have a place." in page.text
    assert "On the waiting list" not in page.text
