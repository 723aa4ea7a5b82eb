"""Reading lots: what the public sees, and what a buyer's own people see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from lots.competition.models import Competition
from lots.models import Lot
from lots.notices.models import Notice, is_held
from lots.notices.vocabulary import NoticeKind
from lots.permissions import LotPermission
from lots.vocabulary import EDITABLE, LotState
from lots.wanted import Show, Wanted, fits
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed


def is_public() -> ColumnElement[bool]:
    """The condition for a lot on public pages: announced, and published where its regime says.

    Under the Procurement Act 2023 what a notice tells stands on the central platform first
    (`lots.releases.publication.published_here` has the law).
    """
    planned = Lot.state.in_((LotState.PLANNED, LotState.APPROVED))
    held = select(Notice.id).where(
        Notice.lot_id == Lot.id,
        Notice.kind == case((planned, NoticeKind.PLANNED), else_=NoticeKind.OPENING),
        is_held(),
    )
    return and_(is_announced(), ~held.exists())


def is_announced() -> ColumnElement[bool]:
    """The condition for a lot that was announced: not a draft, nor one discarded as such."""
    shown_before = or_(Lot.planned_at.is_not(None), Lot.published_at.is_not(None))
    discarded = and_(Lot.state == LotState.CANCELLED, ~shown_before)
    return and_(Lot.state != LotState.DRAFT, ~discarded)


def opportunities(wanted: Wanted) -> Page:
    """The public list: open lots first, the next to close on top; then the next to open."""
    statement = (
        select(Lot)
        .where(is_public(), *fits(wanted))
        .options(selectinload(Lot.areas), joinedload(Lot.lead_buyer))
        .order_by(*_order(wanted.show))
    )
    return paged(statement)


def _order(show: Show | None) -> tuple[Any, ...]:
    if show is Show.CONCLUDED:
        latest = func.coalesce(Lot.awarded_at, Lot.ended_at, Lot.created_at)
        return latest.desc(), Lot.reference
    open_first = case((Lot.state == LotState.OPEN, 0), else_=1)
    ahead = Lot.state.in_((LotState.PLANNED, LotState.APPROVED))
    return open_first, case((ahead, None), else_=Lot.closes_at), *by_opening()


def by_opening() -> tuple[Any, ...]:
    """The order of lots to come: by the day they open or are expected to, the undated last."""
    day = func.coalesce(func.date(Lot.opens_at), Lot.opens_on)
    return day.nulls_last(), Lot.opens_at.nulls_last(), Lot.closes_at, Lot.reference


def opportunity(lot_id: UUID) -> Lot:
    """One lot as everybody may see it; raises NotYours for a draft and for no such lot."""
    lot = db.session.scalars(_whole(Lot.id == lot_id, is_public())).one_or_none()
    if lot is None:
        raise NotYours()
    return lot


def _whole(*conditions: ColumnElement[bool]) -> Select:
    return (
        select(Lot)
        .where(*conditions)
        .options(
            selectinload(Lot.areas),
            selectinload(Lot.criteria),
            selectinload(Lot.questions),
            selectinload(Lot.editors),
            selectinload(Lot.funders),
            selectinload(Lot.signatures),
            joinedload(Lot.fund),
            joinedload(Lot.competition).selectinload(Competition.lots),
            selectinload(Lot.outcomes),
            selectinload(Lot.demands),
            selectinload(Lot.documents),
            selectinload(Lot.overrides),
            joinedload(Lot.lead_buyer),
        )
    )


def own_lot(lot_id: UUID, by: Acting) -> Lot:
    """A lot with everything in it, for its buyer's people; raises NotYours for all others."""
    lot = db.session.scalars(_whole(Lot.id == lot_id)).one_or_none()
    if lot is None or not allowed(by, LotPermission.SEE_PIPELINE, lot):
        raise NotYours()
    return lot


def _seen_by(by: Acting) -> ColumnElement[bool]:
    """The list filter of `permissions.sees_pipeline`."""
    if by.has(Role.AUDITOR):
        return true()
    return Lot.lead_buyer_id == by.organisation_id


def own_lots(by: Acting, state: LotState | None = None) -> Page:
    """The lots a buyer's people see, the last made first; of one state where it is given."""
    statement = (
        select(Lot)
        .where(_seen_by(by))
        .options(selectinload(Lot.areas), joinedload(Lot.lead_buyer))
        .order_by(Lot.created_at.desc(), Lot.reference)
    )
    if state is not None:
        statement = statement.where(Lot.state == state)
    return paged(statement)


def own_counts(by: Acting) -> dict[LotState, int]:
    """How many lots of each state this person sees."""
    counted = select(Lot.state, func.count()).where(_seen_by(by)).group_by(Lot.state)
    return {state: count for state, count in db.session.execute(counted)}


def own_drafts(by: Acting, most: int = 50) -> Sequence[Lot]:
    """Drafts and planned lots of the organisation acted for, with everything in them."""
    mine = (Lot.lead_buyer_id == by.organisation_id, Lot.state.in_(EDITABLE))
    return db.session.scalars(_whole(*mine).order_by(Lot.created_at).limit(most)).all()


def lots_to_open(now: datetime, most: int = 100) -> Sequence[UUID]:
    """Approved lots whose opening moment has come, the oldest first."""
    due = (Lot.state == LotState.APPROVED, Lot.opens_at <= now)
    return db.session.scalars(select(Lot.id).where(*due).order_by(Lot.opens_at).limit(most)).all()


def next_opening(after: datetime) -> datetime | None:
    """The first opening moment after this one."""
    ahead = (Lot.state == LotState.APPROVED, Lot.opens_at > after)
    return db.session.scalar(select(func.min(Lot.opens_at)).where(*ahead))


def lots_to_close(now: datetime, most: int = 100) -> Sequence[UUID]:
    """Open lots whose closing moment has come, the oldest first."""
    due = (Lot.state == LotState.OPEN, Lot.closes_at <= now)
    return db.session.scalars(select(Lot.id).where(*due).order_by(Lot.closes_at).limit(most)).all()


def next_closing(after: datetime) -> datetime | None:
    """The first closing moment after this one."""
    ahead = (Lot.state == LotState.OPEN, Lot.closes_at > after)
    return db.session.scalar(select(func.min(Lot.closes_at)).where(*ahead))
