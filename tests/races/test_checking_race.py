"""The check and the ranking: officers, an answer as its window ends, sister lots, all at once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from bids.compliance import corrections, queries
from bids.compliance.models import Correction, CorrectionEnd, Fault
from bids.models import BidState, SetAsideGround
from marketplace import clock
from marketplace.acting import Role
from marketplace.audit import verify
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from tests.bids.test_limits import put_together, rank_again, recommend
from tests.races.conftest import Race
from tests.races.together import at_once
from tests.support.bids import bid_as_stored, bidder, opened_competition, priced_competition
from tests.support.lots import make_region
from tests.support.people import make_person

pytestmark = pytest.mark.race

ASKED = (Fault.CLERICAL_ERROR, "The number of the charity.")


def test_of_two_officers_one_confirms_the_bid_or_the_other_asks_to_correct_it(race: Race) -> None:
    competition = opened_competition()
    bid_id = competition.bids[0]
    path = f"/evaluations/{competition.evaluation_id}/bids/{bid_id}"
    officers = [competition.officer, make_person(Role.COMMISSIONING_OFFICER, competition.buyer)]
    passing, asking = (race.visitor(officer) for officer in officers)
    confirm = passing.form_at(path, "Confirm that the bid meets the requirements")
    ask = asking.form_at(f"{path}/correction", "Ask the bidder")
    ask[1].update(fault=["clerical_error"], what=["The number of the charity."], days=["3"])

    first, second = at_once([partial(passing.post, *confirm), partial(asking.post, *ask)])

    race.look_again()
    asked = queries.corrections_of([bid_id]).get(bid_id, [])
    state = bid_as_stored(bid_id).state
    assert (state, len(asked)) in ((BidState.COMPLIANT, 0), (BidState.CORRECTION, 1))
    lost = second if state is BidState.COMPLIANT else first
    assert "Nothing was done a second time" in lost.text
    assert verify().holds


def test_an_answer_as_the_window_ends_counts_or_the_bid_is_set_aside_never_both(race: Race) -> None:
    competition = opened_competition()
    bid_id = competition.bids[0]
    with write():
        officer = competition.acting(competition.officer)
        corrections.ask(competition.evaluation_id, bid_id, ASKED, 1, officer)
    organisation = db.session.get_one(Organisation, bid_as_stored(bid_id).organisation_id)
    sends = []
    for number in range(3):
        visitor = race.visitor(make_person(Role.BID_MANAGER, organisation))
        action, values = visitor.form_at(f"/bids/{bid_id}/correction", "Send the correction")
        values["words"] = [f"It is {number}."]
        sends.append((visitor, action, values))
    due_at = clock.judged_now() + timedelta(seconds=2)
    with write():
        db.session.execute(
            update(Correction).where(Correction.bid_id == bid_id).values(due_at=due_at)
        )

    def send(number: int) -> int:
        visitor, action, values = sends[number]
        with race.app.app_context():
            while clock.judged_now() < due_at - timedelta(milliseconds=400 * number):
                db.session.rollback()
            db.session.remove()
        return visitor.post(action, values).status_code

    def lapse() -> int:
        with race.app.app_context():
            while clock.judged_now() < due_at:
                db.session.rollback()
            done = corrections.lapse_due(clock.judged_now())
            db.session.remove()
        return done

    *answers, lapsed = at_once([*(partial(send, number) for number in range(3)), lapse])

    race.look_again()
    (correction,) = queries.corrections_of([bid_id])[bid_id]
    bid = bid_as_stored(bid_id)
    accepted = Counter(answers)[200]
    if accepted:
        assert (accepted, correction.ended_as) == (1, CorrectionEnd.ANSWERED)
        assert bid.state is BidState.OPENED and correction.ended_at < due_at
    else:
        # Corrections of other races are overdue by now and lapse too.
        assert lapsed >= 1 and correction.ended_as is CorrectionEnd.LAPSED
        assert (bid.state, bid.ground) == (BidState.SET_ASIDE, SetAsideGround.INCOMPLETE)
    assert verify().holds


def test_two_lots_decided_at_once_do_not_both_go_to_one_bidder_beyond_its_limit(race: Race) -> None:
    buyer = make_region()
    bidders = (bidder()[0], bidder()[0])
    sisters = [priced_competition(buyer=buyer, bidders=bidders) for _lot in range(2)]
    put_together(*sisters)
    for each in sisters:
        rank_again(each)
        recommend(each)
    presses = []
    for each in sisters:
        visitor = race.visitor(each.director)
        path = f"/evaluations/{each.evaluation_id}/decision"
        action, values = visitor.form_at(path, "Decide")
        values["choice"] = [str(each.bids[0])]
        presses.append(partial(visitor.post, action, values))

    answers = at_once(presses)

    race.look_again()
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 1}
    told = next(answer.text for answer in answers if answer.status_code == 409)
    assert "Another lot of this competition has been decided since" in told
    won = [bid_as_stored(each.bids[0]).state is BidState.SUCCESSFUL for each in sisters]
    assert sum(won) == 1
