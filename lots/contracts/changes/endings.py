"""What a change ends, the notice that must stand behind it, and a notice that stands against it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.changes.models import ChangeKind, ChangeState, ContractChange
from lots.contracts.continuity import holds
from lots.contracts.continuity.models import (
    ActKind,
    ActReason,
    ContinuityAct,
    ends_its_contract,
)
from lots.contracts.models import Contract, ContractArea
from marketplace.database import db

MOVES_LAST_DAY = (ChangeKind.TERM, ChangeKind.EXTENSION)


def areas_ended(change: ContractChange) -> list[UUID]:
    """The areas that this change ends, or ends earlier."""
    if change.kind == ChangeKind.AREAS:
        return [UUID(key) for key in change.after["left"]]
    if brings_end_forward(change):
        return [area.id for area in change.contract.areas]
    return []


def brings_end_forward(change: ContractChange) -> bool:
    """A change of the last day to an earlier one."""
    return change.kind == ChangeKind.TERM and change.after["ends_on"] < change.before["ends_on"]


def unnoticed(change: ContractChange) -> list[ContractArea]:
    """Areas that it ends and no notice holds: nobody there has been asked about the cases."""
    ended = areas_ended(change)
    free = holds.free_to_stop(change.contract.areas, None, ActKind.ENDING)
    return [area for area in free if area.id in ended]


def under_notice(contract: Contract, kind: ChangeKind, joins: bool = False) -> Any:
    """Why a change of this kind cannot be made while notice runs that the contract ends, or None.

    Nobody joins a service that ends. Its last day moves once that notice is cancelled; where it
    only runs out, a later last day is what lets it go on.
    """
    moves = kind in MOVES_LAST_DAY
    if not moves and not joins:
        return None
    ends = select(ContinuityAct.id).where(
        ContinuityAct.contract_id == contract.id, ends_its_contract()
    )
    if moves:
        ends = ends.where(ContinuityAct.reason != ActReason.EXPIRES)
    if db.session.scalar(ends.limit(1)) is None:
        return None
    return _("Notice has been given that this contract ends. Cancel that notice first.")


def stands_against(change: ContractChange) -> Any:
    """The same for a change that is written; one that itself ends the contract has given notice."""
    return under_notice(change.contract, change.kind, bool(change.after.get("joined")))


def agreed_change(contract_id: UUID) -> ContractChange | None:
    """The change that is signed and waits for its day; at most one."""
    return db.session.scalars(
        select(ContractChange).where(
            ContractChange.contract_id == contract_id, ContractChange.state == ChangeState.AGREED
        )
    ).one_or_none()
