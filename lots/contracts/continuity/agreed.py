"""A signed change that ends something: the people supported there are decided on like any other."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.changes.models import ChangeKind, ContractChange
from lots.contracts.continuity.actions import Notice, give_agreed
from lots.contracts.continuity.models import (
    ENDS_CONTRACT,
    ActKind,
    ActReason,
    ActState,
    ContinuityAct,
)
from lots.contracts.models import Contract
from lots.contracts.places import locked_areas
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db


def change_agreed(change: ContractChange, by: Acting | None) -> None:
    """The handler: notice for the areas that leave, or for a last day that comes earlier.

    Whoever signs has locked the contract's areas, then the contract.
    """
    assert by is not None  # somebody has signed
    contract = db.session.get_one(Contract, change.contract_id)
    for notice in _notices(change, contract):
        give_agreed(contract, locked_areas(contract.id), notice, by)


def _notices(change: ContractChange, contract: Contract) -> list[Notice]:
    if change.kind == ChangeKind.AREAS:
        last_day = max(change.effective_on - timedelta(days=1), clock.today())
        return [
            Notice(ActKind.AREA_LOSS, ActReason.REORGANISED, last_day, UUID(key))
            for key in change.after["left"]
        ]
    if change.kind == ChangeKind.TERM and not _is_ending(contract):
        last_day = date.fromisoformat(change.after["ends_on"])
        if last_day < contract.ends_on:
            return [Notice(ActKind.ENDING, ActReason.REORGANISED, max(last_day, clock.today()))]
    return []


def _is_ending(contract: Contract) -> bool:
    running = select(ContinuityAct.id).where(
        ContinuityAct.contract_id == contract.id,
        ContinuityAct.kind.in_(ENDS_CONTRACT),
        ContinuityAct.state.in_((ActState.PROPOSED, ActState.NOTICED)),
    )
    return db.session.scalar(running.limit(1)) is not None
