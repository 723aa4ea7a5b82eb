"""A signed change that ends something: the people supported there are decided on like any other."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.changes.endings import agreed_change, brings_end_forward, unnoticed
from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.contracts.continuity.actions import Notice, give_agreed, take_back
from lots.contracts.continuity.models import (
    ActKind,
    ActReason,
    ActState,
    CancelReason,
    ContinuityAct,
)
from lots.contracts.models import Contract
from lots.contracts.places import locked_areas
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db


def change_agreed(change: ContractChange, by: Acting | None) -> None:
    """The handler: notice for the areas that leave, or for a last day that comes earlier.

    Whoever signs has locked the contract's areas, then the contract. `by` None where notice is
    given again, because the one that stood behind the change holds its areas no more.
    """
    contract = db.session.get_one(Contract, change.contract_id)
    areas = locked_areas(contract.id)
    open_still = {area.id for area in unnoticed(change)}
    for notice in _notices(change):
        if open_still and notice.contract_area_id in (None, *open_still):
            give_agreed(contract, areas, notice, by)


def _notices(change: ContractChange) -> list[Notice]:
    if change.kind == ChangeKind.AREAS:
        last_day = max(change.effective_on - timedelta(days=1), clock.today())
        return [
            Notice(ActKind.AREA_LOSS, ActReason.REORGANISED, last_day, UUID(key))
            for key in change.after["left"]
        ]
    if brings_end_forward(change):
        last_day = max(date.fromisoformat(change.after["ends_on"]), clock.today())
        return [Notice(ActKind.ENDING, ActReason.REORGANISED, last_day)]
    return []


def act_let_go(act: ContinuityAct, by: Acting | None) -> None:
    """The handler of a notice taken back: what is signed for has a notice again at once."""
    change = agreed_change(act.contract_id)
    if change is not None:
        change_agreed(change, by)


def change_in_force(change: ContractChange, by: Acting | None) -> None:
    """The handler: a contract that now runs on does not run out on the day it was told of."""
    found = select(ContinuityAct).where(
        ContinuityAct.contract_id == change.contract_id,
        ContinuityAct.reason == ActReason.EXPIRES,
        ContinuityAct.state == ActState.NOTICED,
        ContinuityAct.effective_on < change.contract.ends_on,
    )
    for act in db.session.scalars(found.with_for_update()).all():
        take_back(act, locked_areas(act.contract_id), CancelReason.AGREED, None)
