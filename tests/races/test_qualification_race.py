"""Colleagues who begin, submit, and decide the same application at the same moment."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from marketplace.accounts.models import Person
from marketplace.acting import Role
from marketplace.audit import AuditEvent, verify
from marketplace.database import db
from marketplace.outbox.models import OutboxMessage
from marketplace.qualification.models import Application, Qualification
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.qualification import complete_profile, in_assessment, ready

pytestmark = pytest.mark.race
AT_ONCE = 6


def pressed(race: Race, people: list[Person], path: str, button: str, **values: str) -> list[int]:
    """Everybody presses the same button at the same moment; returns the answers' states."""
    visitors = [race.visitor(each) for each in people]
    forms = [each.form_at(path, button) for each in visitors]
    calls = [
        partial(visitor.post, action, {**typed, **values})
        for visitor, (action, typed) in zip(visitors, forms, strict=True)
    ]
    answers = at_once(calls)
    race.look_again()
    return [each.status_code for each in answers]


def events(application_id: object, action: str) -> int:
    """How often it stands in the record."""
    found = select(func.count()).where(
        AuditEvent.action == f"application:{action}", AuditEvent.subject_id == str(application_id)
    )
    return db.session.scalar(found) or 0


def colleagues() -> list[Person]:
    """People of one organisation who may all apply."""
    organisation = make_organisation()
    return [make_person(Role.BID_MANAGER, organisation) for _each in range(AT_ONCE)]


def test_one_application_begun_by_colleagues_at_once(race: Race) -> None:
    people = colleagues()
    by = acting_as(people[0])
    complete_profile(by)
    states = pressed(race, people, "/qualification/apply", "Continue", categories="women")
    assert set(states) == {200}
    own = select(Application.id).where(Application.organisation_id == by.organisation_id)
    assert len(db.session.scalars(own).all()) == 1
    assert verify().holds


def test_one_submission_qualifies_once_and_tells_once(race: Race) -> None:
    people = colleagues()
    by = acting_as(people[0])
    application_id = ready(by, "women")
    page = f"/qualification/applications/{application_id}/check"
    states = pressed(race, people, page, "Submit application")
    assert states.count(200) == 1
    assert events(application_id, "submit") == events(application_id, "qualify_by_checks") == 1
    held = select(Qualification).where(Qualification.organisation_id == by.organisation_id)
    assert len(db.session.scalars(held).all()) == 1
    told = select(func.count()).where(
        OutboxMessage.subject_id == application_id, OutboxMessage.template.contains("decided")
    )
    assert db.session.scalar(told) == AT_ONCE
    assert verify().holds


def test_two_decisions_at_once_make_one(race: Race) -> None:
    assessor = make_person(Role.FRAMEWORK_MANAGER)
    by = acting_as(colleagues()[0])
    application_id = in_assessment(by, acting_as(assessor), "women")
    page = f"/qualification/applications/{application_id}/decide"
    states = pressed(race, [assessor] * 3, page, "Record the decision", decision="qualify")
    assert states.count(200) == 1
    assert events(application_id, "qualify") == 1
    assert verify().holds
