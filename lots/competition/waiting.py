"""Whether a lot still owes its bidders an answer."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lots.competition.models import Clarification
from lots.competition.vocabulary import ClarificationState
from marketplace.database import db


def awaits_answers(lot_id: UUID) -> bool:
    """Whether a question of bidders has no answer; all were asked in time, or not taken at all.

    As long as this holds, the lot does not close (domain, section 4).
    """
    open_ones = (
        Clarification.lot_id == lot_id,
        Clarification.state == ClarificationState.ASKED,
    )
    return db.session.scalar(select(Clarification.id).where(*open_ones).limit(1)) is not None
