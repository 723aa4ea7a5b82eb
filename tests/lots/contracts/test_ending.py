"""The last day: nothing ends while a person holds a place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from lots.contracts import jobs, places
from lots.contracts.lifecycle import CONTRACT, END
from lots.contracts.models import Contract, ContractArea, ContractState
from marketplace import clock
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import Refusal


def run_to_the_end(contract):
    moment = jobs.next_contract_end(clock.now())
    assert moment is not None
    with write():
        clock.set_offset(int((moment - clock.judged_now()).total_seconds()) + 60)
    return clock.now()


def test_a_contract_with_nobody_placed_ends_after_its_last_day(live, again):
    assert jobs.end_contracts(clock.now()) == 0
    now = run_to_the_end(live)
    assert clock.today() == live.ends_on + timedelta(days=1)
    assert jobs.end_contracts(now) == 1
    assert jobs.end_contracts(now) == 0
    contract = again(Contract, live.id)
    assert contract.state is ContractState.ENDED
    assert contract.ended_at is not None


def test_with_people_placed_it_closes_to_new_ones_and_ends_when_the_last_has_finished(live, again):
    area_id = live.areas[0].id
    with write():
        places.reserve(area_id)
    now = run_to_the_end(live)
    assert jobs.end_contracts(now) == 1
    assert again(Contract, live.id).state is ContractState.ENDING
    assert again(ContractArea, area_id).closed_at is not None
    assert jobs.end_contracts(now) == 0
    with write():
        places.release(area_id, None)
    assert jobs.end_contracts(now) == 1
    assert again(Contract, live.id).state is ContractState.ENDED
    steps = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.subject_id == str(live.id))
    )
    assert {"contract:run_off", "contract:end"} <= set(steps)


def test_the_refusal_says_how_many_places_are_held(live):
    with write():
        places.reserve(live.areas[0].id)
    run_to_the_end(live)
    with pytest.raises(Refusal, match="1 place is still held"), write():
        contract = db.session.get_one(Contract, live.id)
        CONTRACT.take(END, contract, None)
