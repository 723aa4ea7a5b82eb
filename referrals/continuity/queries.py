"""Reading what is to be decided, and what a case page says of its service's notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select, true

from lots.contracts.continuity.cases import case_of, to_decide
from lots.contracts.continuity.models import (
    ActKind,
    ContinuityAct,
    ContinuityCase,
    Decision,
    last_day,
)
from lots.contracts.continuity.queries import Leaving, leaving
from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed
from referrals.codes import EndReason, ReferralState
from referrals.models import Referral
from referrals.permissions import ReferralPermission, belongs_to, unattended, visible_to
from referrals.services.directory import directory_now, listings_of


@dataclass(frozen=True)
class ToDecide:
    """A line of the list of decisions."""

    id: UUID
    reference: str
    name: str
    crn: str
    service: str
    kind: ActKind
    effective_on: date
    due_on: date
    is_late: bool


def decidable(by: Acting) -> ColumnElement[bool]:
    """The condition on `Referral` that this person may decide: the same as the policy's row."""
    if not allowed(by, ReferralPermission.DECIDE):
        return false()
    any_of_team = true() if by.has(Role.TEAM_MANAGER) else false()
    own = belongs_to(by.person_id)
    named = Referral.is_restricted & unattended()
    return visible_to(by) & or_(own, any_of_team, named)


def _wanted(by: Acting, *columns: Any) -> Select:
    return (
        select(*columns)
        .select_from(Referral)
        .join(ContinuityCase, ContinuityCase.case_ref == Referral.id)
        .join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id)
        .where(to_decide(), decidable(by))
    )


def to_decide_by(by: Acting) -> tuple[Page, list[ToDecide]]:
    """A page of the cases that this person may decide, the first due first."""
    columns = (
        Referral.id,
        Referral.reference,
        Referral.name,
        Referral.crn,
        Referral.contract_area_id,
        ContinuityAct.kind,
        ContinuityAct.effective_on,
        ContinuityCase.due_at,
    )
    page = paged(_wanted(by, *columns).order_by(ContinuityCase.due_at, Referral.id))
    services = listings_of([row.contract_area_id for row in page.items], directory_now())
    now = clock.now()
    return page, [
        ToDecide(
            row.id,
            row.reference,
            row.name,
            row.crn,
            services[row.contract_area_id],
            row.kind,
            row.effective_on,
            last_day(row.due_at),
            row.due_at <= now,
        )
        for row in page.items
    ]


def counts(by: Acting) -> tuple[int, int]:
    """How many own cases are to be decided, and how many late ones of others; two statements."""
    own = belongs_to(by.person_id)
    late = ContinuityCase.due_at <= clock.now()
    of_own = _wanted(by, func.count()).where(own)
    of_others = _wanted(by, func.count()).where(~own, late)
    return db.session.scalar(of_own) or 0, db.session.scalar(of_others) or 0


@dataclass(frozen=True)
class Standing:
    """What a case's page says: the notice, what was decided, and the cases before and after."""

    notice: Leaving | None
    decision: Decision | None
    is_wanted: bool
    may_decide: bool
    may_move_on: bool
    due_on: date | None
    goes_on_as: UUID | None


def standing_of(referral: Referral, by: Acting) -> Standing:
    """The notice on a case as this reader may know of it."""
    row = case_of(referral.id) if referral.ended_at is None else None
    notice = leaving(referral.contract_area_id) if referral.ended_at is None else None
    may = allowed(by, ReferralPermission.DECIDE, referral)
    waits = referral.state == ReferralState.WAITING
    return Standing(
        notice=notice,
        decision=row.decision if row else None,
        is_wanted=row is not None and row.decision is None,
        may_decide=may and row is not None,
        may_move_on=may and waits and notice is not None,
        due_on=last_day(row.due_at) if row else None,
        goes_on_as=_continuation(referral, by),
    )


def _continuation(referral: Referral, by: Acting) -> UUID | None:
    if referral.end_reason != EndReason.TRANSFERRED:
        return None
    goes_on = select(Referral.id).where(Referral.continues_id == referral.id, visible_to(by))
    return db.session.scalar(goes_on)


def earlier_of(referral: Referral) -> Referral:
    """The case that this one goes on with; whoever sees this one may read it.

    Raises NotYours where there is none.
    """
    earlier = db.session.get(Referral, referral.continues_id) if referral.continues_id else None
    if earlier is None:
        raise NotYours()
    return earlier
