"""One form pressed several times in the same moment makes one thing, and never an error."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from marketplace.acting import Role
from marketplace.database import db
from referrals.drafted import ReferralDraft
from referrals.models import TeamMember
from tests.races.conftest import Race
from tests.races.referring import make_service
from tests.races.together import at_once
from tests.support.people import make_person

pytestmark = pytest.mark.race


def test_a_team_chosen_many_times_at_once_is_one_membership(race: Race) -> None:
    service = make_service(places=1)
    visitor = race.visitor(make_person(Role.PRACTITIONER, service.region))
    action, values = visitor.form_at("/my-cases/team", "Save")
    values["delivery_unit"] = ["east-kent"]

    answers = at_once([partial(visitor.post, action, values)] * 6)

    race.look_again()
    assert {answer.status_code for answer in answers} == {200}
    members = select(func.count()).where(TeamMember.organisation_id == service.region.id)
    assert db.session.scalar(members) == 1


def test_a_referral_begun_many_times_at_once_is_one_draft(race: Race) -> None:
    service = make_service(places=1)
    visitor = race.visitor(make_person(Role.PRACTITIONER, service.region))
    form = visitor.form_at(f"/services/{service.area_id}", "Begin a referral")

    answers = at_once([partial(visitor.post, *form)] * 6)

    race.look_again()
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 5}
    begun = select(func.count()).where(ReferralDraft.contract_area_id == service.area_id)
    assert db.session.scalar(begun) == 1
