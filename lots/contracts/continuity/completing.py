"""What the days of an act bring about: it takes effect, or the buyer hears what is late."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import exists, func, select, update

from lots.contracts import places
from lots.contracts.continuity import holds, telling
from lots.contracts.continuity.actions import RUNS, locked_act
from lots.contracts.continuity.lifecycle import ACT, TAKE_EFFECT, undecided
from lots.contracts.continuity.models import (
    ENDS_CONTRACT,
    ActKind,
    ActState,
    ContinuityAct,
    ContinuityCase,
)
from lots.contracts.lifecycle import CONTRACT, TERMINATE, WIND_DOWN, nobody_placed
from lots.contracts.models import Contract, ContractArea, ContractState
from marketplace import calendar, clock, jobs
from marketplace.database import changed, db, write
from marketplace.lifecycle import Refusal

_UNDECIDED = exists().where(
    ContinuityCase.act_id == ContinuityAct.id, ContinuityCase.decision.is_(None)
)


def take_effect(act_id: UUID) -> ContinuityAct:
    """Have an act take effect whose day has come. Raises Refusal while a case is undecided."""
    act, areas = locked_act(act_id)
    held = holds.held_by(act, areas)
    ACT.take(TAKE_EFFECT, act, None, facts={"completed_at": clock.now()})
    if act.kind != ActKind.SUSPENSION:
        _close(held, act.effective_on)
    if act.kind in ENDS_CONTRACT:
        _end(act.contract)
    telling.tell_both_sides(act, "in_effect")
    return act


def _close(areas: list[ContractArea], last_day: date) -> None:
    """What has left is over for good; who runs off there keeps the place until the end."""
    for area in areas:
        area.ends_on = max(area.starts_on, min(area.ends_on, last_day))
    places.close_areas(areas)


def _end(contract: Contract) -> None:
    """Terminated where nobody holds a place any more, else ending until the last case is over."""
    if contract.state not in (*RUNS, ContractState.ENDING):
        return
    if nobody_placed(contract) is None:
        _terminate(contract)
    elif contract.state == ContractState.LIVE:
        CONTRACT.take(WIND_DOWN, contract, None, facts={"ending_at": clock.now()})


def _terminate(contract: Contract) -> None:
    # Ended either way: what is due for its months is counted to this moment.
    facts = {"terminated_at": clock.now(), "ended_at": clock.now()}
    CONTRACT.take(TERMINATE, contract, None, facts=facts)


def terminate(contract_id: UUID) -> None:
    """Terminate a contract that has wound down. Raises Refusal while somebody holds a place."""
    places.locked_areas(contract_id)
    _terminate(
        db.session.get_one(Contract, contract_id, with_for_update=True, populate_existing=True)
    )


def bring_about(now: datetime) -> int:
    """The job: acts whose day has come take effect, wound-down contracts end, the late are told."""
    done = _each(_due(now), take_effect)
    done += _each(_wound_down(), terminate)
    return done + _tell_late(now)


def _due(now: datetime) -> list[UUID]:
    today = calendar.day_of(now)
    ready = select(ContinuityAct.id).where(
        ContinuityAct.state == ActState.NOTICED, ContinuityAct.effective_on <= today, ~_UNDECIDED
    )
    return list(db.session.scalars(ready.order_by(ContinuityAct.id)))


def _wound_down() -> list[UUID]:
    given = exists().where(
        ContinuityAct.contract_id == Contract.id,
        ContinuityAct.kind.in_(ENDS_CONTRACT),
        ContinuityAct.state == ActState.COMPLETED,
    )
    placed = exists().where(ContractArea.contract_id == Contract.id, ContractArea.reserved > 0)
    over = select(Contract.id).where(Contract.state == ContractState.ENDING, given, ~placed)
    return list(db.session.scalars(over.order_by(Contract.id)))


def _each(ids: list[UUID], act) -> int:
    done = 0
    for thing_id in ids:
        try:
            with write():
                act(thing_id)
        except Refusal:
            continue  # changed a moment before
        done += 1
    return done


def _tell_late(now: datetime) -> int:
    """Tell the buyer once where an act could not take effect on its day."""
    late = select(ContinuityAct.id).where(
        ContinuityAct.state == ActState.NOTICED,
        ContinuityAct.effective_on <= calendar.day_of(now),
        ContinuityAct.due_at <= now,
        ContinuityAct.late_told_at.is_(None),
        _UNDECIDED,
    )
    told = 0
    for act_id in db.session.scalars(late.order_by(ContinuityAct.id)).all():
        with write():
            told += _tell_of(act_id, now)
    return told


def _tell_of(act_id: UUID, now: datetime) -> bool:
    claimed = (
        update(ContinuityAct)
        .where(ContinuityAct.id == act_id, ContinuityAct.late_told_at.is_(None))
        .values(late_told_at=now)
        .execution_options(synchronize_session=False)
    )
    if not changed(claimed):
        return False
    act = db.session.get_one(ContinuityAct, act_id, populate_existing=True)
    telling.tell_managers(act, "late", count=undecided(act))
    return True


def next_day(after: datetime) -> datetime | None:
    """The first moment of the next day on which an act takes effect."""
    day = db.session.scalar(
        select(func.min(ContinuityAct.effective_on)).where(
            ContinuityAct.state == ActState.NOTICED,
            ContinuityAct.effective_on > calendar.day_of(after),
        )
    )
    return calendar.start_of(day) if day else None


def register(app: Flask) -> None:
    """Put it into the application's round."""
    jobs.register(app, "continuity", bring_about, next_day)
