"""The numbers of qualification are data with versions, owned by the framework team."""

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import Refused
from marketplace.qualification.models import Application
from marketplace.qualification.policies import FIRST, policy_now, policy_on, publish_policy
from tests.support.people import make_person, sign_in
from tests.support.qualification import submitted

QUICK = FIRST | {"decision_days": 5, "escalation_days": 8}


def test_a_new_version_is_published_on_screen_and_everybody_reads_it(client, framework):
    sign_in(client, framework)
    day = clock.today()
    fields = {"valid_from-day": day.day, "valid_from-month": day.month, "valid_from-year": day.year}
    page = client.show("/qualification/rules")
    assert "Version 1" in page.text
    page = client.show(page.links()["Publish a new version"])
    answer = client.submit(page, "Publish", fields, decision_days="15", escalation_days="10")
    assert "This must be more than the working days for a decision" in answer.page.text
    client.submit(answer.page, "Publish", decision_days="5", escalation_days="8")
    sign_in(client, make_person(Role.BID_MANAGER))
    text = client.show("/qualification/rules").text
    assert "Version 2" in text
    assert "within 5 working days" in text


def test_an_application_keeps_the_version_it_was_submitted_under(app, by, assessor):
    before = db.session.get(Application, submitted(by, "women"))
    with write():
        publish_policy(QUICK, clock.today(), assessor)
    after = db.session.get(Application, submitted(by, "accommodation"))
    assert (before.policy_version, after.policy_version) == (1, 2)
    assert after.due_on < before.due_on


def test_a_version_begins_later_than_all_before_it(app, assessor):
    tomorrow = clock.today() + timedelta(days=1)
    with write():
        publish_policy(QUICK, tomorrow, assessor)
    for day in (clock.today() - timedelta(days=1), clock.today(), tomorrow):
        with pytest.raises(Refusal), write():
            publish_policy(QUICK, day, assessor)
    assert policy_now().version == 1
    assert policy_on(tomorrow).version == 2


def test_nobody_else_publishes(app, by):
    with pytest.raises(Refused), write():
        publish_policy(QUICK, clock.today(), by)
