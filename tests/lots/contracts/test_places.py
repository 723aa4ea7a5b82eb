"""Places: never above the limit, never to an area that takes nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from lots.contracts import actions, jobs, places
from lots.contracts.models import ContractArea, ContractState, PauseReason
from lots.contracts.places import PLACES_FREED, PlaceHappening
from marketplace import clock
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import Refused
from tests.support.contracts import make_contract, make_live_contract


def reserve(area, times=1):
    with write():
        return [places.reserve(area.id) for _ in range(times)]


def change(area, **values):
    with write():
        db.session.execute(update(ContractArea).where(ContractArea.id == area.id).values(**values))


def test_places_are_taken_up_to_the_limit_and_not_beyond(live, again):
    area = live.areas[0]
    assert reserve(area, 22) == [True] * 20 + [False] * 2
    assert again(ContractArea, area.id).reserved == 20


def test_the_database_itself_refuses_one_place_too_many(live):
    with pytest.raises(IntegrityError):
        change(live.areas[0], reserved=21)


@pytest.mark.parametrize(
    "why",
    [
        {"opened_at": None},
        {"closed_at": "now"},
        {"starts_on": 1},
        {"ends_on": -1},
        {"paused_until": 1, "pause_reason": PauseReason.STAFFING},
        {"places": 0},
    ],
    ids=lambda why: next(iter(why)),
)
def test_an_area_that_takes_nobody_gives_no_place(live, why):
    area = live.areas[0]
    days = {"starts_on", "ends_on", "paused_until"}
    change(
        area,
        **{
            name: clock.now()
            if value == "now"
            else clock.today() + timedelta(days=value)
            if name in days
            else value
            for name, value in why.items()
        },
    )
    assert reserve(area) == [False]


def test_first_and_last_day_and_the_day_of_return_take_people(live):
    area, today = live.areas[0], clock.today()
    change(
        area,
        starts_on=today,
        ends_on=today,
        paused_until=today,
        pause_reason=PauseReason.PREMISES,
    )
    assert reserve(area) == [True]


def test_a_contract_that_is_not_live_gives_no_place(app):
    assert reserve(make_contract().areas[0]) == [False]


def test_a_place_given_back_is_told_of_and_can_be_taken_again(live, heard, again):
    area = live.areas[0]
    reserve(area, 20)
    with write():
        places.release(area.id, None)
    assert heard == [(PLACES_FREED, area.id)]
    assert reserve(area, 2) == [True, False]


def test_giving_back_what_nobody_holds_is_a_fault(live, again):
    with pytest.raises(RuntimeError), write():
        places.release(live.areas[0].id, None)
    assert again(ContractArea, live.areas[0].id).reserved == 0


def test_a_limit_below_those_held_falls_as_people_finish(live, sides, heard, again):
    area = live.areas[0]
    reserve(area, 5)
    with write():
        places.set_places(area.id, 3, sides.service_manager)
    assert _limit(again(ContractArea, area.id)) == (5, 3, 5)
    assert reserve(area) == [False]
    for expected in [(4, 3, 4), (3, None, 3)]:
        with write():
            places.release(area.id, None)
        assert _limit(again(ContractArea, area.id)) == expected
        assert reserve(area) == [False]
    assert heard == [(PlaceHappening.PLACES_SET, area.id)]
    with write():
        places.release(area.id, None)
    assert heard[1:] == [(PLACES_FREED, area.id)]
    assert _limit(again(ContractArea, area.id)) == (3, None, 2)


def _limit(area):
    return area.places, area.wanted_places, area.reserved


def test_raising_the_limit_gives_up_the_lower_one_and_is_told_of(live, sides, heard, again):
    area = live.areas[0]
    reserve(area, 5)
    for number in (2, 7):
        with write():
            places.set_places(area.id, number, sides.service_manager)
    assert _limit(again(ContractArea, area.id)) == (7, None, 5)
    changes = [(PlaceHappening.PLACES_SET, area.id)] * 2
    assert heard == [*changes, (PLACES_FREED, area.id)]


def test_no_more_places_than_the_contract_says(live, sides):
    with pytest.raises(Refusal, match="20 places"), write():
        places.set_places(live.areas[0].id, 21, sides.service_manager)


def test_only_the_providers_service_manager_sets_places(live, sides, again):
    other = make_live_contract()
    for area, by in (
        (live.areas[0], sides.contract_manager),
        (live.areas[0], sides.trustee),
        (other.areas[0], sides.service_manager),
    ):
        with pytest.raises(Refused), write():
            places.set_places(area.id, 1, by)
        with pytest.raises(Refused), write():
            places.pause(area.id, clock.today() + timedelta(days=9), PauseReason.OTHER, by)
        assert again(ContractArea, area.id).places == 20


def test_a_pause_ends_by_itself_on_the_day_named(live, sides, heard, again):
    area = live.areas[0]
    back = clock.today() + timedelta(days=3)
    with write():
        actions.pause(area.id, back, PauseReason.STAFFING, sides.service_manager)
    assert reserve(area) == [False]
    moment = jobs.next_pause_end(clock.now())
    assert jobs.end_pauses(moment - timedelta(seconds=1)) == 0
    assert jobs.end_pauses(moment) == 1
    assert jobs.end_pauses(moment) == 0
    assert again(ContractArea, area.id).paused_until is None
    assert heard[-1] == (PLACES_FREED, area.id)


def test_a_pause_prolonged_under_the_jobs_eyes_stays(live, sides, again):
    area = live.areas[0]
    back = clock.today() + timedelta(days=3)
    with write():
        actions.pause(
            area.id, back + timedelta(days=4), PauseReason.STAFFING, sides.service_manager
        )
    with write():
        assert not places.end_pause(area.id, back)
    assert again(ContractArea, area.id).paused_until == back + timedelta(days=4)


def test_one_contract_that_ended_meanwhile_does_not_stop_the_round(live, sides, monkeypatch, again):
    other = make_live_contract()
    back = clock.today() - timedelta(days=1)
    ids = sorted([live.areas[0].id, other.areas[0].id])
    for area in (live.areas[0], other.areas[0]):
        change(area, paused_until=back, pause_reason=PauseReason.STAFFING)
    end_pause = places.end_pause

    def first_ended(area_id, today):
        if area_id == ids[0]:
            raise Refusal("It has ended.")
        return end_pause(area_id, today)

    monkeypatch.setattr(places, "end_pause", first_ended)
    assert jobs.end_pauses(clock.now()) == 1
    assert again(ContractArea, ids[1]).paused_until is None


def test_a_pause_needs_a_day_in_the_future(live, sides):
    with pytest.raises(Refusal, match="future"), write():
        actions.pause(live.areas[0].id, clock.today(), PauseReason.OTHER, sides.service_manager)


def test_places_of_a_contract_that_has_ended_stay_as_they_are(live, sides):
    with write():
        contract = db.session.merge(live)
        contract.state = ContractState.ENDED
    with pytest.raises(Refusal), write():
        places.set_places(live.areas[0].id, 1, sides.service_manager)
