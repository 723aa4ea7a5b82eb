"""Reading a competition: what everybody sees, what bidders and buyers see of their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from lots import deadlines
from lots.competition.clarifications import asker_key
from lots.competition.models import Clarification, LotChange
from lots.competition.permissions import CompetitionPermission
from lots.competition.vocabulary import ChangeState, ClarificationState
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.permissions import NotYours, allowed, check

WAITING = Clarification.state == ClarificationState.ASKED


def shown() -> ColumnElement[bool]:
    """Questions that the buyer and the public hear of: from the day after they were asked.

    A number that rises at once would tell when somebody asked, and so perhaps who.
    """
    return Clarification.asked_on < clock.today()


def published(lot_id: UUID) -> Page:
    """Questions with their answers, the latest first, as everybody reads them."""
    answered = (Clarification.lot_id == lot_id, Clarification.state == ClarificationState.ANSWERED)
    return paged(select(Clarification).where(*answered).order_by(Clarification.number.desc()))


def all_published(lot_id: UUID) -> Sequence[Clarification]:
    """Every published question with its answer, in order; for a document."""
    answered = (Clarification.lot_id == lot_id, Clarification.state == ClarificationState.ANSWERED)
    found = select(Clarification).where(*answered).order_by(Clarification.number)
    return db.session.scalars(found).all()


def changes_made(lot_id: UUID) -> Sequence[LotChange]:
    """What changed in a lot since its opening, the latest first."""
    made = (LotChange.lot_id == lot_id, LotChange.state == ChangeState.MADE)
    found = select(LotChange).where(*made).order_by(LotChange.made_at.desc(), LotChange.id)
    return db.session.scalars(found).all()


def own_questions(lot_id: UUID, by: Acting) -> Sequence[Clarification]:
    """What the organisation acted for has asked about a lot; nobody else's."""
    mine = Clarification.asker_key == asker_key(lot_id, by.organisation_id)
    found = select(Clarification).where(mine).order_by(Clarification.asked_on, Clarification.id)
    return db.session.scalars(found).all()


def questions_to(lot: Lot, by: Acting) -> Page:
    """The questions about a lot for its buyer, those of today not yet, in no order that tells more.

    The national auditor reads all.
    """
    check(by, CompetitionPermission.SEE_QUESTIONS, lot)
    found = select(Clarification).where(Clarification.lot_id == lot.id)
    if not allowed(by, CompetitionPermission.SEE_ASKER):
        found = found.where(shown())
    waiting_first = Clarification.number.is_not(None)
    return paged(
        found.order_by(
            waiting_first, Clarification.number.desc(), Clarification.asked_on, Clarification.id
        )
    )


def question(
    clarification_id: UUID, permission: CompetitionPermission, by: Acting
) -> Clarification:
    """One question for whoever holds this permission on it; raises NotYours.

    One of today is there for the national auditor only.
    """
    found = select(Clarification).where(Clarification.id == clarification_id)
    if permission is not CompetitionPermission.SEE_ASKER:
        found = found.where(shown())
    clarification = db.session.scalar(found.options(joinedload(Clarification.lot)))
    if clarification is None or not allowed(by, permission, clarification):
        raise NotYours()
    return clarification


def change(change_id: UUID, by: Acting) -> LotChange:
    """One change for the lead buyer's people; raises NotYours."""
    found = select(LotChange).where(LotChange.id == change_id).options(joinedload(LotChange.lot))
    shown = db.session.scalar(found)
    if shown is None or not allowed(by, CompetitionPermission.SEE_QUESTIONS, shown.lot):
        raise NotYours()
    return shown


def proposed(lot_id: UUID) -> LotChange | None:
    """The change that waits for its approval, if there is one."""
    waiting = (LotChange.lot_id == lot_id, LotChange.state == ChangeState.PROPOSED)
    return db.session.scalar(select(LotChange).where(*waiting))


def count_waiting(lot_id: UUID) -> int:
    """How many questions about a lot, today's left out, have no answer."""
    counted = select(func.count()).select_from(Clarification)
    waiting = counted.where(Clarification.lot_id == lot_id, WAITING, shown())
    return db.session.scalar(waiting) or 0


def proposals_to(by: Acting) -> Sequence[LotChange]:
    """Changes of the buyer acted for that wait for a decision, the oldest first."""
    found = select(LotChange).join(LotChange.lot).options(joinedload(LotChange.lot))
    waiting = (LotChange.state == ChangeState.PROPOSED, Lot.lead_buyer_id == by.organisation_id)
    return db.session.scalars(found.where(*waiting).order_by(LotChange.proposed_at)).all()


def lots_with_questions(by: Acting) -> Sequence[tuple[Lot, int]]:
    """Open lots of the buyer acted for with questions that have no answer, and how many."""
    counted = (
        select(Clarification.lot_id, func.count().label("number"))
        .where(WAITING, shown())
        .group_by(Clarification.lot_id)
        .subquery()
    )
    own = (Lot.lead_buyer_id == by.organisation_id, Lot.state == LotState.OPEN)
    found = select(Lot, counted.c.number).join(counted, counted.c.lot_id == Lot.id)
    return [(lot, count) for lot, count in db.session.execute(found.where(*own))]


def lots_owing_answers() -> Sequence[UUID]:
    """Open lots with a question that has no answer, the first to close first."""
    owing = select(Clarification.id).where(Clarification.lot_id == Lot.id, WAITING).exists()
    found = select(Lot.id).where(Lot.state == LotState.OPEN, owing).order_by(Lot.closes_at)
    return db.session.scalars(found).all()


def next_wait(after: datetime) -> datetime | None:
    """When, after this moment, closing would next have to move for want of an answer."""
    owing = select(Clarification.id).where(Clarification.lot_id == Lot.id, WAITING).exists()
    closings = db.session.scalars(
        select(Lot.closes_at).where(Lot.state == LotState.OPEN, owing).order_by(Lot.closes_at)
    )
    moments = [_overdue(closes_at) for closes_at in closings if closes_at is not None]
    return min((moment for moment in moments if moment > after), default=None)


def _overdue(closes_at: datetime) -> datetime:
    """The first moment of the first working day whose answers would come too late."""
    last = calendar.day_of(deadlines.answers_due(closes_at))
    return calendar.start_of(calendar.next_working_day(last + timedelta(days=1)))
