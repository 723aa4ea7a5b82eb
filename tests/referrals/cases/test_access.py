"""Who may see a case is changed after sending, by its owner or deputy, and told and recorded."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, Refused
from referrals.answering import access, assigning
from referrals.models import Referral
from referrals.permissions import visible_to
from referrals.teams import actions as teams
from tests.support.mails import mails_to
from tests.support.people import sign_in
from tests.support.referrals import accepted, send


@pytest.fixture
def case(house):
    """A case that a colleague of the team and the provider's people see."""
    with write():
        member = teams.choose("east-kent", house.by.colleague)
        teams.confirm(member.id, "east-kent", house.by.team_manager)
        teams.choose("east-kent", house.by.team_manager)
    return accepted(send(house.area_id, house.by.practitioner), house.by.manager)


def readers(house):
    """Who of the house sees any case."""
    return {
        name
        for name, by in vars(house.by).items()
        if db.session.scalar(select(Referral.id).where(visible_to(by)).limit(1))
    }


BOTH_CASEWORKERS = {"caseworker", "second_caseworker"}


def test_restricting_naming_and_lifting_change_who_sees_it(house, case):
    everybody = {"practitioner", "colleague", "manager"} | BOTH_CASEWORKERS
    seen_at_first = readers(house)
    assert everybody <= seen_at_first
    with write():
        access.restrict(case.id, house.by.practitioner)
    assert readers(house) == {"practitioner", "manager"}
    with write():
        access.name(case.id, house.people["colleague"].email, house.by.practitioner)
        assigning.assign(case.id, house.by.caseworker.person_id, house.by.manager)
    assert readers(house) == {"practitioner", "manager", "colleague", "caseworker"}
    assert mails_to(house.people["colleague"].email)[-1].template == "referrals/mail/named.txt"
    with write():
        access.take_off(case.id, house.by.colleague.person_id, house.by.practitioner)
    assert readers(house) == {"practitioner", "manager", "caseworker"}
    with write():
        access.lift(case.id, house.by.practitioner)
    assert readers(house) == seen_at_first
    done = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.number)).all()
    for action in ("restrict", "name", "take_off", "lift_restriction"):
        assert f"referral:{action}" in done


def test_only_owner_and_deputy_decide_who_sees_it(house, case):
    for name in ("colleague", "manager", "caseworker"):
        with pytest.raises(Refused), write():
            access.restrict(case.id, getattr(house.by, name))
    for name in ("rival", "stranger"):
        with pytest.raises(NotYours), write():
            access.restrict(case.id, getattr(house.by, name))
    with write():
        db.session.execute(update(Referral).values(deputy_id=house.by.colleague.person_id))
    with write():
        access.restrict(case.id, house.by.colleague)
    with pytest.raises(AlreadyChanged), write():
        access.restrict(case.id, house.by.practitioner)


@pytest.mark.parametrize("name", ["rival", "caseworker", "stranger"])
def test_only_colleagues_in_probation_are_named(house, case, name):
    with pytest.raises(Refusal, match="your organisation"), write():
        access.name(case.id, house.people[name].email, house.by.practitioner)


def test_on_screen(house, case, client):
    sign_in(client, house.people["practitioner"])
    url = f"/cases/{case.id}"
    page = client.submit(f"{url}/people", "Restrict this case").page
    assert "Restricted" in page.text
    answer = client.submit(f"{url}/named", email="nobody@example.org")
    assert answer.page.h1 == case.name and "has this address" in answer.page.text
    colleague = house.people["colleague"]
    page = client.submit(f"{url}/named", email=colleague.email).page
    assert colleague.name in page.text
    sign_in(client, colleague)
    shown = client.show(f"{url}/people").text
    assert "Lift the restriction" not in shown and "Who has read this case" in shown
    assert client.get(f"{url}/named").status_code == 403
