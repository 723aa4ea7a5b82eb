"""The cases of an act, for the floor that knows them: listed at the notice, then decided.

That floor passes an opaque reference and an owner, nothing about the person. Its locks come first:
the case itself, then the contract areas by id, then the row here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import aliased

from lots.contracts.continuity.models import (
    ActKind,
    ActState,
    ContinuityAct,
    ContinuityCase,
    ContinuityHold,
    Decision,
    wants_decision,
)
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import changed, db, new_id, tables


@dataclass(frozen=True)
class OpenCase:
    """A case that is open when notice is given, and the practitioner who decides on it."""

    contract_area_id: UUID
    case_ref: UUID
    owner_id: UUID


def areas_of(act: ContinuityAct) -> Sequence[UUID]:
    """The ids of the areas that this act has stopped."""
    held = select(ContinuityHold.contract_area_id).where(ContinuityHold.act_id == act.id)
    return db.session.scalars(held.order_by(ContinuityHold.contract_area_id)).all()


def let_go_by(act: ContinuityAct) -> Sequence[UUID]:
    """The ids of the areas that this act had stopped and that no act stops any more."""
    later = aliased(ContinuityHold)
    held = exists().where(
        later.contract_area_id == ContinuityHold.contract_area_id, later.released_at.is_(None)
    )
    free = select(ContinuityHold.contract_area_id).where(ContinuityHold.act_id == act.id, ~held)
    return db.session.scalars(free.order_by(ContinuityHold.contract_area_id)).all()


def refs_of(act: ContinuityAct) -> Sequence[UUID]:
    """The cases of an act that are not decided."""
    found = select(ContinuityCase.case_ref).where(
        ContinuityCase.act_id == act.id, ContinuityCase.decision.is_(None)
    )
    return db.session.scalars(found.order_by(ContinuityCase.case_ref)).all()


def list_open(act: ContinuityAct, found: Iterable[OpenCase]) -> None:
    """Write one undecided row for each of these; inside the transaction that gives the notice."""
    rows = [
        {
            "id": new_id(),
            "act_id": act.id,
            "contract_area_id": each.contract_area_id,
            "number": number,
            "case_ref": each.case_ref,
            "owner_id": each.owner_id,
            "due_at": act.due_at,
        }
        for number, each in enumerate(found, 1)
    ]
    if rows:
        tables().execute(insert(ContinuityCase.__table__), rows)


def hand_on(case_ref: UUID, owner_id: UUID) -> None:
    """Another practitioner decides on this case from now on, where it is not decided yet."""
    db.session.execute(
        update(ContinuityCase)
        .where(ContinuityCase.case_ref == case_ref, ContinuityCase.decision.is_(None))
        .values(owner_id=owner_id)
        .execution_options(synchronize_session=False)
    )


def to_decide() -> ColumnElement[bool]:
    """The condition on a case joined with its act that a decision is wanted."""
    return and_(ContinuityAct.state == ActState.NOTICED, wants_decision())


def may_be_decided() -> ColumnElement[bool]:
    """Wanted, or decided to run off: whoever let a case stay may still move or close it."""
    runs_off = ContinuityCase.decision == Decision.RUN_OFF
    in_force = ContinuityAct.state.in_((ActState.NOTICED, ActState.COMPLETED))
    return or_(to_decide(), and_(in_force, runs_off))


def case_of(case_ref: UUID) -> ContinuityCase | None:
    """The row of a case that may be decided now, the newest act's; None where there is none."""
    rows = (
        select(ContinuityCase)
        .join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id)
        .where(ContinuityCase.case_ref == case_ref, may_be_decided())
        .order_by(ContinuityAct.notice_at.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(rows).one_or_none()


def decide(
    row: ContinuityCase, decision: Decision, by: Acting, target_contract_area_id: UUID | None = None
) -> bool:
    """Record a decision, once; False where the case was decided or ended a moment before."""
    values = {
        "decision": decision,
        "decided_at": clock.now(),
        "decided_by_id": by.person_id,
        "target_contract_area_id": target_contract_area_id,
    }
    open_still = or_(ContinuityCase.decision.is_(None), ContinuityCase.decision == Decision.RUN_OFF)
    guarded = update(ContinuityCase).where(ContinuityCase.id == row.id, open_still).values(**values)
    if not changed(guarded.execution_options(synchronize_session=False)):
        return False
    facts = {"decision": decision, "act": row.act_id, "number": row.number}
    audit.record("continuity_case:decide", subject=row, by=by, facts=facts)
    db.session.expire(row)
    return True


def settle(case_ref: UUID) -> None:
    """A case has ended by itself: where its decision is wanted, it counts as decided."""
    noticed = select(ContinuityAct.id).where(ContinuityAct.state == ActState.NOTICED)
    db.session.execute(
        update(ContinuityCase)
        .where(
            ContinuityCase.case_ref == case_ref,
            ContinuityCase.decision.is_(None),
            ContinuityCase.act_id.in_(noticed),
        )
        .values(decision=Decision.ENDED, decided_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def undecided_in(contract_area_ids: Sequence[UUID]) -> int:
    """How many cases of these areas still want a decision; nothing ends before it is none."""
    wanted = (
        select(func.count())
        .select_from(ContinuityCase)
        .join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id)
        .where(to_decide(), ContinuityCase.contract_area_id.in_(contract_area_ids))
    )
    return db.session.scalar(wanted) or 0


def _late(now: datetime) -> Select:
    return (
        select(ContinuityCase)
        .join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id)
        .where(to_decide(), ContinuityCase.due_at <= now, ContinuityCase.escalated_at.is_(None))
        .order_by(ContinuityCase.id)
    )


def any_late(now: datetime) -> bool:
    """Whether there is an undecided case whose time has run out, and nobody was told."""
    return db.session.scalar(_late(now).limit(1)) is not None


def to_escalate(now: datetime) -> Sequence[ContinuityCase]:
    """Those cases, locked by id."""
    late = _late(now).with_for_update(of=ContinuityCase)
    return db.session.scalars(late.execution_options(populate_existing=True)).all()


def next_due(after: datetime) -> datetime | None:
    """When the next undecided case runs out of time."""
    return db.session.scalar(
        select(func.min(ContinuityCase.due_at))
        .join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id)
        .where(to_decide(), ContinuityCase.due_at > after)
    )


def stopped_in_emergency(contract_area_id: UUID) -> bool:
    """Whether an emergency stop holds this area now; read under a share of the area's lock."""
    from_act = (
        select(ContinuityAct.kind)
        .join(ContinuityHold, ContinuityHold.act_id == ContinuityAct.id)
        .where(
            ContinuityHold.contract_area_id == contract_area_id,
            ContinuityHold.released_at.is_(None),
        )
    )
    return db.session.scalar(from_act) == ActKind.EMERGENCY
