"""What the days of an act bring about: it takes effect, or the buyer hears what is late."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import exists, func, select, update

from lots.contracts import places
from lots.contracts.continuity import expiring, holds, telling
from lots.contracts.continuity.actions import MAY_STOP, locked_act
from lots.contracts.continuity.lifecycle import ACT, TAKE_EFFECT, undecided
from lots.contracts.continuity.models import (
    ENDS_CONTRACT,
    ActKind,
    ActReason,
    ActState,
    ContinuityAct,
    ContinuityCase,
    wants_decision,
)
from lots.contracts.lifecycle import CONTRACT, TERMINATE, WIND_DOWN, nobody_placed
from lots.contracts.models import Contract, ContractArea, ContractState
from marketplace import calendar, clock, jobs
from marketplace.database import changed, db

_UNDECIDED = exists().where(ContinuityCase.act_id == ContinuityAct.id, wants_decision())


def take_effect(act_id: UUID) -> ContinuityAct:
    """Have an act take effect whose day has come. Raises Refusal while a case is undecided."""
    act, areas = locked_act(act_id)
    held = holds.held_by(act, areas)
    ACT.take(TAKE_EFFECT, act, None, facts={"completed_at": clock.now()})
    if act.kind != ActKind.SUSPENSION:
        _close(held, act.effective_on)
    # One that runs out is ended by its own last day.
    if act.kind in ENDS_CONTRACT and not act.runs_out:
        _end(act.contract, areas)
    telling.tell_both_sides(act, "in_effect")
    return act


def _close(areas: list[ContractArea], last_day: date) -> None:
    """What has left is over for good; who runs off there keeps the place until the end."""
    for area in areas:
        area.ends_on = max(area.starts_on, min(area.ends_on, last_day))
    places.close_areas(areas)


def _end(contract: Contract, areas: list[ContractArea]) -> None:
    """Terminated where nobody holds a place any more, else ending until the last case is over.

    Every area takes nobody from now on, also one that another notice holds or that joined late.
    """
    if contract.state not in MAY_STOP:
        return
    if nobody_placed(contract) is None:
        _terminate(contract, areas)
        return
    places.close_areas(areas)
    if contract.state == ContractState.LIVE:
        CONTRACT.take(WIND_DOWN, contract, None, facts={"ending_at": clock.now()})


def _terminate(contract: Contract, areas: list[ContractArea]) -> None:
    places.close_areas(areas)
    # Ended either way: what is due for its months is counted to this moment.
    facts = {"terminated_at": clock.now(), "ended_at": clock.now()}
    CONTRACT.take(TERMINATE, contract, None, facts=facts)


def terminate(contract_id: UUID) -> None:
    """Terminate a contract that has wound down. Raises Refusal while somebody holds a place."""
    _terminate(*places.locked_contract(contract_id))


def bring_about(now: datetime) -> int:
    """The job: notice for what runs out, acts take effect, wound-down contracts end, late ones."""
    done = jobs.each_alone(expiring.running_out(now), expiring.give_notice)
    done += jobs.each_alone(_due(now), take_effect)
    done += jobs.each_alone(_wound_down(), terminate)
    return done + _tell_late(now)


def _due(now: datetime) -> list[UUID]:
    today = calendar.day_of(now)
    ready = select(ContinuityAct.id).where(
        ContinuityAct.state == ActState.NOTICED,
        (ContinuityAct.effective_on < today)
        | ((ContinuityAct.effective_on == today) & (ContinuityAct.reason != ActReason.EXPIRES)),
        ~_UNDECIDED,
    )
    return list(db.session.scalars(ready.order_by(ContinuityAct.id)))


def _wound_down() -> list[UUID]:
    given = exists().where(
        ContinuityAct.contract_id == Contract.id,
        ContinuityAct.kind.in_(ENDS_CONTRACT),
        ContinuityAct.state == ActState.COMPLETED,
        ContinuityAct.reason != ActReason.EXPIRES,
    )
    placed = exists().where(ContractArea.contract_id == Contract.id, ContractArea.reserved > 0)
    over = select(Contract.id).where(Contract.state == ContractState.ENDING, given, ~placed)
    return list(db.session.scalars(over.order_by(Contract.id)))


def _tell_late(now: datetime) -> int:
    """Tell the buyer once where an act could not take effect on its day."""
    late = select(ContinuityAct.id).where(
        ContinuityAct.state == ActState.NOTICED,
        ContinuityAct.effective_on <= calendar.day_of(now),
        ContinuityAct.due_at <= now,
        ContinuityAct.late_told_at.is_(None),
        _UNDECIDED,
    )
    acts = db.session.scalars(late.order_by(ContinuityAct.id)).all()
    return jobs.each_alone(acts, lambda act_id: _tell_of(act_id, now))


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
    """The first moment of the next day on which an act takes effect, or notice is given."""
    day = db.session.scalar(
        select(func.min(ContinuityAct.effective_on)).where(
            ContinuityAct.state == ActState.NOTICED,
            ContinuityAct.effective_on > calendar.day_of(after),
        )
    )
    moments = [calendar.start_of(day) if day else None, expiring.next_notice(after)]
    return min((each for each in moments if each is not None), default=None)


def register(app: Flask) -> None:
    """Put it into the application's round."""
    jobs.register(app, "continuity", bring_about, next_day)
