"""The areas that an act has stopped; each is stopped by one act at a time.

The areas passed in are locked by the caller.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update

from lots.contracts import places
from lots.contracts.continuity.models import (
    ActKind,
    ActState,
    ContinuityAct,
    ContinuityHold,
)
from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.database import db, new_id


def free_to_stop(
    areas: Iterable[ContractArea], chosen: UUID | None, kind: ActKind
) -> list[ContractArea]:
    """Those chosen (None: all) that no other act holds; a suspension gives way to an ending.

    An emergency reaches areas too that are closed already and still support people.
    """
    holding = (
        select(ContinuityHold.contract_area_id)
        .join(ContinuityAct, ContinuityAct.id == ContinuityHold.act_id)
        .where(
            ContinuityHold.released_at.is_(None),
            ContinuityHold.contract_area_id.in_([each.id for each in areas]),
        )
    )
    if kind != ActKind.SUSPENSION:
        holding = holding.where(ContinuityAct.kind != ActKind.SUSPENSION)
    taken = set(db.session.scalars(holding))
    return [
        each
        for each in areas
        if chosen in (None, each.id)
        and (each.closed_at is None or kind == ActKind.EMERGENCY)
        and each.id not in taken
    ]


def stop(act: ContinuityAct, areas: list[ContractArea]) -> None:
    """Have these areas take nobody new, by this act."""
    places.stop_areas(areas)
    db.session.add_all(
        ContinuityHold(id=new_id(), act_id=act.id, contract_area_id=each.id) for each in areas
    )
    db.session.flush()


def held_by(act: ContinuityAct, areas: Iterable[ContractArea]) -> list[ContractArea]:
    """Those of the areas that this act stops now."""
    held = select(ContinuityHold.contract_area_id).where(
        ContinuityHold.act_id == act.id, ContinuityHold.released_at.is_(None)
    )
    ids = set(db.session.scalars(held))
    return [each for each in areas if each.id in ids]


def release(areas: Iterable[ContractArea]) -> None:
    """No act stops these areas any more; whether they take people is the caller's to say."""
    db.session.execute(
        update(ContinuityHold)
        .where(
            ContinuityHold.contract_area_id.in_([each.id for each in areas]),
            ContinuityHold.released_at.is_(None),
        )
        .values(released_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def suspended_before(area: ContractArea) -> ContinuityAct | None:
    """The suspension that another act took this area from, where nobody has lifted it."""
    return db.session.scalars(
        select(ContinuityAct)
        .join(ContinuityHold, ContinuityHold.act_id == ContinuityAct.id)
        .where(
            ContinuityHold.contract_area_id == area.id,
            ContinuityHold.released_at.is_not(None),
            ContinuityAct.kind == ActKind.SUSPENSION,
            ContinuityAct.state.in_((ActState.NOTICED, ActState.COMPLETED, ActState.REPLACED)),
        )
        .order_by(ContinuityAct.notice_at.desc(), ContinuityAct.id)
        .limit(1)
    ).one_or_none()


def hand_back(act: ContinuityAct, area: ContractArea) -> None:
    """Have the act stop this area that it had stopped before; the area is released by then."""
    db.session.execute(
        update(ContinuityHold)
        .where(
            ContinuityHold.act_id == act.id,
            ContinuityHold.contract_area_id == area.id,
        )
        .values(released_at=None)
        .execution_options(synchronize_session=False)
    )


def not_held(areas: Iterable[ContractArea]) -> list[ContractArea]:
    """Those of the areas that no act stops now."""
    held = select(ContinuityHold.contract_area_id).where(ContinuityHold.released_at.is_(None))
    ids = [each.id for each in areas]
    taken = set(db.session.scalars(held.where(ContinuityHold.contract_area_id.in_(ids))))
    return [each for each in areas if each.id not in taken]
