"""Two directors award one lot in the same moment: one award, one summary for each bidder."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import func, select

from bids.awards.models import Award, BidSummary
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace.acting import Role
from marketplace.audit import AuditEvent, verify
from marketplace.database import db
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.bids import Competition, recommended_competition
from tests.support.people import make_person

pytestmark = pytest.mark.race


def awarded_once(race: Race, competition: Competition) -> bool:
    """One award, one summary for each bid, one step of the lot in an unbroken record."""
    race.look_again()
    awards = db.session.scalar(
        select(func.count()).where(Award.evaluation_id == competition.evaluation_id)
    )
    summaries = db.session.scalar(
        select(func.count()).where(BidSummary.bid_id.in_(competition.bids))
    )
    steps = db.session.scalar(
        select(func.count()).where(
            AuditEvent.subject_id == str(competition.lot.id),
            AuditEvent.action == "lot:start_standstill",
        )
    )
    state = db.session.get_one(Lot, competition.lot.id).state
    found = (awards, summaries, steps, state)
    return found == (1, len(competition.bids), 1, LotState.STANDSTILL) and verify().holds


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
    assert awarded_once(race, competition)


def test_one_award_form_sent_ten_times_is_one_award(race: Race) -> None:
    competition = recommended_competition()
    visitor = race.visitor(competition.director)
    path = f"/evaluations/{competition.evaluation_id}/decision"
    action, values = visitor.form_at(path, "Decide")
    values["choice"] = [str(competition.bids[0])]

    answers = at_once([partial(visitor.post, action, values) for _ in range(10)])

    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 9}
    assert awarded_once(race, competition)
