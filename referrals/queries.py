"""Reading one sent referral. What may be seen is in every query."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours
from referrals.models import Referral
from referrals.permissions import visible_to


def case(referral_id: UUID, by: Acting) -> Referral:
    """One case. Raises NotYours where this person may not know of it."""
    found = db.session.scalars(
        select(Referral).where(Referral.id == referral_id, visible_to(by))
    ).one_or_none()
    if found is None:
        raise NotYours()
    return found


def locked(referral_id: UUID, by: Acting) -> Referral:
    """The referral, locked for this write. Raises NotYours where this person may not see it."""
    found = db.session.scalars(
        select(Referral)
        .where(Referral.id == referral_id, visible_to(by))
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotYours()
    return found
