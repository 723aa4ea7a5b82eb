"""A session lasts as long as the rules say, and shows who acts for whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import g
from sqlalchemy import event, select, update

from marketplace import clock
from marketplace.accounts import sessions
from marketplace.accounts.models import Person, PersonState, SessionEnd, SignInSession
from marketplace.acting import Role
from marketplace.database import db, write
from tests.support.people import acting_as, give_role, make_organisation, make_person, sign_in


def acts(client):
    """Whom the product takes the client for."""
    client.get("/cookies")
    with client.session_transaction() as cookie:
        return cookie.get("_user_id")


def age(row, **ago):
    """Let the session have begun, or been seen, that long ago."""
    moments = {name: clock.technical_now() - each for name, each in ago.items()}
    with write():
        db.session.execute(
            update(SignInSession).where(SignInSession.id == row.id).values(**moments)
        )


@pytest.mark.parametrize(
    ("role", "idle_minutes", "stays"),
    [
        (Role.BID_MANAGER, 29, True),
        (Role.BID_MANAGER, 30, False),
        (Role.CASEWORKER, 14, True),
        (Role.CASEWORKER, 15, False),
        (Role.PRACTITIONER, 15, False),
        (Role.DIRECTOR, 29, True),
    ],
)
def test_an_idle_session_ends_sooner_for_those_who_see_people(client, role, idle_minutes, stays):
    row = sign_in(client, make_person(role))
    age(row, last_seen_at=timedelta(minutes=idle_minutes))
    assert bool(acts(client)) is stays


def test_a_session_lasts_ten_hours_at_most(client):
    row = sign_in(client, make_person(Role.BID_MANAGER))
    age(row, created_at=timedelta(hours=9, minutes=59))
    assert acts(client)
    age(row, created_at=timedelta(hours=10))
    assert not acts(client)


def test_a_session_ends_at_once_when_the_account_is_closed_or_its_sessions_are_ended(client):
    person = make_person(Role.BID_MANAGER)
    sign_in(client, person)
    assert acts(client)
    with write():
        sessions.end_all(db.session.get(Person, person.id), None, SessionEnd.ROLES_CHANGED)
    assert not acts(client)
    sign_in(client, person)
    with write():
        db.session.execute(
            update(Person).where(Person.id == person.id).values(state=PersonState.CLOSED)
        )
    assert not acts(client)


def test_a_stranger_s_token_signs_nobody_in(client):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "made up"
    assert not acts(client)


def test_being_seen_is_written_once_a_minute_at_most(client):
    row = sign_in(client, make_person(Role.BID_MANAGER))

    def seen():
        return db.session.scalar(
            select(SignInSession.last_seen_at).where(SignInSession.id == row.id)
        )

    acts(client)
    assert seen() == row.last_seen_at
    age(row, last_seen_at=timedelta(seconds=61))
    before = seen()
    acts(client)
    assert seen() > before


def test_one_statement_finds_who_acts(app, client):
    person = make_person([Role.BID_MANAGER, Role.FINANCE])
    sign_in(client, person)
    asked = []

    def note(_c, _cursor, statement, *_rest):
        if "sign_in_session" in statement:
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    client.get("/cookies")
    event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1


def test_a_person_acts_with_the_roles_of_the_organisation_acted_for(app):
    person = make_person(Role.BID_MANAGER)
    other = make_organisation()
    give_role(person, other, Role.CASEWORKER)
    with app.test_request_context():
        with write():
            token = sessions.begin(person, other.id, second_factor=True, how="test")
        sessions.carry(token)
        g.pop("_login_user", None)
        by = sessions.find_acting()
    assert by is not None
    assert by.roles == {Role.CASEWORKER}
    assert by.organisation_id == other.id
    assert acting_as(person, other).roles == by.roles
