"""What a draft has already become, and what was sent together from one draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours
from referrals.models import Referral
from referrals.permissions import visible_to


@dataclass(frozen=True)
class Sent:
    """The first referral of a draft; `batch_id` where there are others."""

    id: UUID
    batch_id: UUID | None


def sent_from(draft_id: UUID, by: Acting) -> Sent | None:
    """What this person has sent from this draft, if anything."""
    row = db.session.execute(
        select(Referral.id, Referral.batch_id).where(
            Referral.send_key == str(draft_id), Referral.author_id == by.person_id
        )
    ).one_or_none()
    return Sent(*row) if row else None


def sent_together(batch_id: UUID, by: Acting) -> Sequence[Referral]:
    """The referrals sent from one draft, in its order. Raises NotYours where none may be seen."""
    found = db.session.scalars(
        select(Referral)
        .where(Referral.batch_id == batch_id, visible_to(by))
        .order_by(Referral.send_key)
    ).all()
    if not found:
        raise NotYours()
    return found
