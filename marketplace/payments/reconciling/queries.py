"""Read comparisons and what they found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.payments.reconciling.models import (
    Mismatch,
    MismatchKind,
    MismatchState,
    Reconciliation,
)
from marketplace.payments.reconciling.permissions import ReconcilingPermission
from marketplace.permissions import NotYours, allowed

DAYS_SHOWN = 14


@dataclass(frozen=True)
class Standing:
    """The last comparison of a body's books with Stripe's, and how many differences are open."""

    last: Reconciliation | None
    open: int


def standing(body_id: UUID) -> Standing:
    """How the body's books stand against Stripe's."""
    last = newest(body_id, 1)
    return Standing(last[0] if last else None, open_count(body_id))


def newest(body_id: UUID, most: int = DAYS_SHOWN) -> Sequence[Reconciliation]:
    """The body's newest comparisons."""
    found = select(Reconciliation).where(Reconciliation.body_id == body_id)
    return db.session.scalars(
        found.order_by(Reconciliation.compared_until.desc(), Reconciliation.id).limit(most)
    ).all()


def open_count(body_id: UUID) -> int:
    """How many differences somebody still has to clear up."""
    found = select(func.count()).where(
        Mismatch.body_id == body_id, Mismatch.state == MismatchState.OPEN
    )
    return db.session.scalar(found) or 0


def first_open(body_id: UUID) -> datetime | None:
    """When the oldest movement was made that somebody still has to clear up (technical time)."""
    return db.session.scalar(
        select(func.min(Mismatch.moved_at)).where(
            Mismatch.body_id == body_id, Mismatch.state == MismatchState.OPEN
        )
    )


def explained_before(body_id: UUID, moment: datetime) -> Sequence[Mismatch]:
    """What was explained and had moved before this moment: the balances stay apart by it."""
    found = select(Mismatch).where(
        Mismatch.body_id == body_id,
        Mismatch.state == MismatchState.EXPLAINED,
        Mismatch.kind != MismatchKind.BALANCE,
        Mismatch.moved_at < moment,
    )
    return db.session.scalars(found).all()


def mismatches(body_id: UUID) -> Page:
    """The body's differences: what is open first, then the newest."""
    found = select(Mismatch).where(Mismatch.body_id == body_id)
    is_done = Mismatch.state != MismatchState.OPEN
    return paged(found.order_by(is_done, Mismatch.found_at.desc(), Mismatch.id))


def mismatch(mismatch_id: UUID, by: Acting) -> Mismatch:
    """One difference with its body. Raises NotYours."""
    found = db.session.scalars(
        select(Mismatch).where(Mismatch.id == mismatch_id).options(joinedload(Mismatch.body))
    ).one_or_none()
    if found is None or not allowed(by, ReconcilingPermission.SEE, found):
        raise NotYours(mismatch_id)
    return found
