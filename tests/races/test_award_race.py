"""Two directors award one lot in the same moment: one award, one summary for each bidder."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from bids.awards.models import Award, BidSummary
from lots.models import Lot, LotState
from marketplace.acting import Role
from marketplace.audit import AuditEvent, verify
from marketplace.database import db
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.bids import recommended_competition
from tests.support.people import make_person

pytestmark = pytest.mark.race


def test_two_directors_award_one_lot(race: Race) -> None:
    competition = recommended_competition()
    directors = [competition.director, make_person(Role.DIRECTOR, competition.buyer)]
    path = f"/evaluations/{competition.evaluation_id}/decision"
    presses = []
    for director in directors:
        visitor = race.visitor(director)
        action, values = visitor.form_at(path, "Decide")
        values["choice"] = [str(competition.bids[0])]
        presses.append(partial(visitor.post, action, values))

    answers = at_once(presses)

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}
    told = next(answer.text for answer in answers if answer.status_code == 409)
    assert "Nothing was done a second time" in told
    db.session.expire_all()
    assert db.session.get_one(Lot, competition.lot.id).state is LotState.STANDSTILL
    assert count(Award) == 1
    assert count(BidSummary) == len(competition.bids)
    assert verify().holds


def count(model: type) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_one_award_form_sent_ten_times_is_one_award(race: Race) -> None:
    competition = recommended_competition()
    visitor = race.visitor(competition.director)
    path = f"/evaluations/{competition.evaluation_id}/decision"
    action, values = visitor.form_at(path, "Decide")
    values["choice"] = [str(competition.bids[0])]

    answers = at_once([partial(visitor.post, action, values) for _ in range(10)])

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    taken = select(func.count()).where(AuditEvent.action.like("award:%"))
    assert count(Award) == 1
    assert db.session.scalar(taken) >= 1
