"""A service with room, and a team of two whose manager has confirmed them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from marketplace import clock
from marketplace.database import db
from referrals.lists import indexing
from referrals.models import TeamMember
from tests.support.contracts import make_live_contract
from tests.support.people import written
from tests.support.referrals import finished_answers, send


@pytest.fixture
def town(house):
    """`house` with a second, larger service and a confirmed team of all its practitioners."""
    with written():
        for name in ("practitioner", "colleague", "team_manager"):
            db.session.add(
                TeamMember(
                    person_id=house.people[name].id,
                    organisation_id=house.region.id,
                    delivery_unit_code="east-kent",
                    since=clock.now(),
                    confirmed_at=clock.now(),
                    confirmed_by_id=house.people["team_manager"].id,
                )
            )
    large = make_live_contract(house.charity, buyer=house.region, places=60)

    def refer(name="Robin Example", crn="X123456", by=None, **changed):
        answers = finished_answers(name={"name": name}, crn={"crn": crn}, **changed)
        return send(large.areas[0].id, by or house.by.practitioner, answers)

    return SimpleNamespace(
        **vars(house), large=large, refer=refer, index=lambda: indexing.index_cases(clock.now())
    )
