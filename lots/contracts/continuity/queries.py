"""Reading acts and their cases; the cases by number only, for whoever may not know of people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lots.contracts.continuity.models import (
    ActKind,
    ActState,
    ContinuityAct,
    ContinuityCase,
    ContinuityHold,
    Decision,
    last_day,
    wants_decision,
)
from lots.contracts.continuity.permissions import ContinuityPermission
from lots.contracts.models import Contract, ContractArea
from lots.contracts.queries import visible_to
from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed


def act(act_id: UUID, by: Acting) -> ContinuityAct:
    """One act with its contract. Raises NotYours."""
    found = db.session.scalars(
        select(ContinuityAct)
        .join(Contract, Contract.id == ContinuityAct.contract_id)
        .where(ContinuityAct.id == act_id, visible_to(by))
        .options(joinedload(ContinuityAct.contract), joinedload(ContinuityAct.contract_area))
    ).one_or_none()
    if found is None or not allowed(by, ContinuityPermission.SEE, found):
        raise NotYours(act_id)
    return found


def acts_of(contract: Contract) -> Sequence[ContinuityAct]:
    """A contract's acts, the newest first; one statement."""
    found = select(ContinuityAct).where(ContinuityAct.contract_id == contract.id)
    newest = found.order_by(ContinuityAct.proposed_at.desc(), ContinuityAct.id)
    return db.session.scalars(
        newest.options(joinedload(ContinuityAct.contract_area)).limit(20)
    ).all()


def areas_of(act: ContinuityAct) -> Sequence[ContractArea]:
    """The areas that an act has stopped; before the notice those it would stop."""
    if act.notice_at is None:
        wanted = select(ContractArea).where(ContractArea.contract_id == act.contract_id)
        if act.contract_area_id is not None:
            wanted = wanted.where(ContractArea.id == act.contract_area_id)
    else:
        wanted = (
            select(ContractArea)
            .join(ContinuityHold, ContinuityHold.contract_area_id == ContractArea.id)
            .where(ContinuityHold.act_id == act.id)
        )
    return db.session.scalars(
        wanted.order_by(ContractArea.region_code, ContractArea.area_code, ContractArea.id)
    ).all()


@dataclass(frozen=True)
class CaseLine:
    """One case as both sides of the contract see it; `owner` only for the buyer, to ask.

    `is_wanted` says whether a decision is: not once the notice is over, or another holds the area.
    """

    number: int
    area_code: str | None
    region_code: str
    decision: Decision | None
    decided_at: datetime | None
    is_wanted: bool
    due_on: date
    is_late: bool
    owner: str


def cases_of(act: ContinuityAct) -> Page:
    """The cases of an act by page: undecided first, then by number."""
    return paged(
        select(ContinuityCase, ContractArea, Person, wants_decision())
        .join(ContractArea, ContractArea.id == ContinuityCase.contract_area_id)
        .join(Person, Person.id == ContinuityCase.owner_id)
        .where(ContinuityCase.act_id == act.id)
        .order_by(ContinuityCase.decision.is_not(None), ContinuityCase.number)
    )


def lines(page: Page) -> list[CaseLine]:
    """The rows of a page of cases."""
    now = clock.now()
    return [
        CaseLine(
            case.number,
            area.area_code,
            area.region_code,
            case.decision,
            case.decided_at,
            is_wanted,
            last_day(case.due_at),
            is_wanted and case.due_at <= now,
            owner.name,
        )
        for case, area, owner, is_wanted in page.items
    ]


def counts(act: ContinuityAct) -> dict[Decision | None, int]:
    """How many cases have which decision; None for those that have none yet."""
    rows = db.session.execute(
        select(ContinuityCase.decision, func.count())
        .where(ContinuityCase.act_id == act.id)
        .group_by(ContinuityCase.decision)
    )
    return {row[0]: row[1] for row in rows}


def counts_of(acts: Sequence[ContinuityAct]) -> dict[UUID, tuple[int, int]]:
    """(cases, those of them that are decided) of each act that has any; one statement."""
    decided = func.count(ContinuityCase.decision)
    rows = db.session.execute(
        select(ContinuityCase.act_id, func.count(), decided)
        .where(ContinuityCase.act_id.in_([each.id for each in acts]))
        .group_by(ContinuityCase.act_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def stopped_at_once(contract_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these contracts that run no more since an emergency stop; one statement."""
    found = select(ContinuityAct.contract_id).where(
        ContinuityAct.contract_id.in_(list(contract_ids)),
        ContinuityAct.kind == ActKind.EMERGENCY,
        ContinuityAct.state.in_((ActState.NOTICED, ActState.COMPLETED)),
    )
    return set(db.session.scalars(found))


@dataclass(frozen=True)
class Leaving:
    """What the public may know of a service that takes nobody new: how, and from which day."""

    kind: ActKind
    day: date


def leavings_of(contract: Contract) -> dict[UUID, Leaving]:
    """The notices that stop areas of a contract now, by area; one statement."""
    rows = db.session.execute(
        select(ContinuityHold.contract_area_id, ContinuityAct.kind, ContinuityAct.effective_on)
        .join(ContinuityAct, ContinuityAct.id == ContinuityHold.act_id)
        .where(ContinuityAct.contract_id == contract.id, ContinuityHold.released_at.is_(None))
    )
    return {row[0]: Leaving(row[1], row[2]) for row in rows}


def leaving(contract_area_id: UUID) -> Leaving | None:
    """The notice that stops this service now, None where none does; one statement."""
    row = db.session.execute(
        select(ContinuityAct.kind, ContinuityAct.effective_on)
        .join(ContinuityHold, ContinuityHold.act_id == ContinuityAct.id)
        .where(
            ContinuityHold.contract_area_id == contract_area_id,
            ContinuityHold.released_at.is_(None),
        )
    ).one_or_none()
    return Leaving(row[0], row[1]) if row else None
