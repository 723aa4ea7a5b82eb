"""What a form has already sent."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from marketplace.acting import Acting
from marketplace.database import db
from referrals.models import Referral


def sent_with(key: str, by: Acting) -> UUID | None:
    """The referral this person has sent with this key, if any."""
    return db.session.scalar(
        select(Referral.id).where(Referral.send_key == key, Referral.author_id == by.person_id)
    )
