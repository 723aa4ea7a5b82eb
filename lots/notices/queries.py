"""Reading notices: a buyer's own, or everybody's for the national auditor."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import joinedload

from lots.notices.models import Notice
from lots.notices.permissions import NoticePermission
from lots.notices.vocabulary import NoticeKind, NoticeState
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed


def _seen_by(by: Acting) -> ColumnElement[bool]:
    """The list filter of `permissions.sees`."""
    return true() if by.has(Role.AUDITOR) else Notice.buyer_id == by.organisation_id


def own_notices(by: Acting, state: NoticeState | None, kind: NoticeKind | None) -> Page:
    """The notices this person sees, the last one first; of one state or kind where given."""
    statement = select(Notice).where(_seen_by(by)).options(joinedload(Notice.buyer))
    if state is not None:
        statement = statement.where(Notice.state == state)
    if kind is not None:
        statement = statement.where(Notice.kind == kind)
    return paged(statement.order_by(Notice.posted_at.desc(), Notice.id))


def own_counts(by: Acting) -> dict[NoticeState, int]:
    """How many notices of each state this person sees."""
    counted = select(Notice.state, func.count()).where(_seen_by(by)).group_by(Notice.state)
    return {state: count for state, count in db.session.execute(counted)}


def notice(notice_id: UUID, by: Acting) -> Notice:
    """One notice as its keepers and the auditor see it; raises NotYours for all others."""
    found = db.session.get(Notice, notice_id)
    if found is None or not allowed(by, NoticePermission.LIST, found):
        raise NotYours()
    return found


def wanting(by: Acting) -> int:
    """How many own notices wait for a person: incomplete, or rejected by the platform."""
    stuck = Notice.state.in_((NoticeState.INCOMPLETE, NoticeState.REJECTED))
    own = select(func.count()).where(Notice.buyer_id == by.organisation_id, stuck)
    return db.session.scalar(own) or 0
