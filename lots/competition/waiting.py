"""Whether a lot still owes its bidders an answer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from lots.competition.models import Clarification
from lots.competition.vocabulary import ClarificationState
from lots.models import Lot
from marketplace.database import db

_UNANSWERED = Clarification.state == ClarificationState.ASKED


def awaits_answers(lot_id: UUID) -> bool:
    """Whether a question of bidders has no answer; all were asked in time, or not taken at all.

    As long as this holds, the lot does not close (domain, section 4).
    """
    found = select(Clarification.id).where(Clarification.lot_id == lot_id, _UNANSWERED)
    return db.session.scalar(found.limit(1)) is not None


def lot_awaits_answers() -> ColumnElement[bool]:
    """The same for each lot of a statement about lots."""
    return exists().where(Clarification.lot_id == Lot.id, _UNANSWERED)
