"""Whatever is done in whatever order, no more places are held than the limit in force allows."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lots.contracts import places
from lots.contracts.models import ContractArea, PauseReason
from marketplace import clock
from marketplace.database import db, write
from tests.support.contracts import make_live_contract

CONTRACTED = 6


def machine_for(sides):
    """The machine works on one area; the model beside it says what should be."""

    class Places(RuleBasedStateMachine):
        def __init__(self):
            super().__init__()
            contract = make_live_contract(sides.charity, buyer=sides.region, places=CONTRACTED)
            self.area_id = contract.areas[0].id
            self.held = 0
            self.limit = CONTRACTED
            self.paused = False

        @rule()
        def reserve(self):
            with write():
                taken = places.reserve(self.area_id)
            assert taken == (not self.paused and self.held < self.limit)
            self.held += taken

        @precondition(lambda self: self.held)
        @rule()
        def release(self):
            with write():
                places.release(self.area_id, None)
            self.held -= 1

        @rule(number=st.integers(0, CONTRACTED))
        def set_limit(self, number):
            with write():
                places.set_places(self.area_id, number, sides.service_manager)
            self.limit = number

        @rule(days=st.integers(1, 30))
        def pause(self, days):
            until = clock.today() + timedelta(days=days)
            with write():
                places.pause(self.area_id, until, PauseReason.STAFFING, sides.service_manager)
            self.paused = True

        @rule()
        def resume(self):
            with write():
                places.resume(self.area_id, sides.service_manager)
            self.paused = False

        @invariant()
        def as_the_model_says(self):
            db.session.expire_all()
            area = db.session.get_one(ContractArea, self.area_id)
            assert area.reserved == self.held <= area.places
            assert area.places == max(self.limit, self.held)
            assert area.wanted_places == (self.limit if self.limit < self.held else None)

    return Places


def test_places_in_any_order(sides):
    run_state_machine_as_test(machine_for(sides), settings=settings(stateful_step_count=20))
