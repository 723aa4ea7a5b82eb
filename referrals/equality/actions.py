"""Keeping what a person said of themselves, and removing it when they wish."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import changed, db, insert_into, new_id
from marketplace.keyring import keyring
from marketplace.permissions import check
from referrals.eligibility import age_on
from referrals.equality.models import EqualityAnswer
from referrals.equality.permissions import EqualityPermission
from referrals.equality.vocabulary import Characteristic, age_group
from referrals.queries import locked


def link_of(referral_id: UUID) -> bytes:
    """The keyed hash under which the answers of this case's person are kept."""
    return keyring().lookup_hash("equality_answer.link", str(referral_id))


def record(referral_id: UUID, said: dict[Characteristic, str], by: Acting) -> None:
    """Keep the answers of somebody who agreed; given again, they replace the earlier ones.

    Raises NotYours, Refused. The audit says that they were asked, never what they said.
    """
    referral = locked(referral_id, by)
    check(by, EqualityPermission.ASK, referral)
    age = age_on(date.fromisoformat(referral.date_of_birth), clock.today())
    known = {Characteristic.AGE: age_group(age), Characteristic.SEX: referral.sex}
    answers = json.dumps(known | said)
    db.session.execute(
        insert_into(EqualityAnswer)
        .values(id=new_id(), link=link_of(referral_id), answers=answers)
        .on_conflict_do_update(index_elements=["link"], set_={"answers": answers})
    )
    audit.record("referral:equality_asked", subject=referral, by=by)


def forget(referral_id: UUID, by: Acting) -> bool:
    """Remove the answers, because the person no longer agrees; whether there were any.

    Raises NotYours, Refused.
    """
    referral = locked(referral_id, by)
    check(by, EqualityPermission.ASK, referral)
    removed = changed(delete(EqualityAnswer).where(EqualityAnswer.link == link_of(referral_id)))
    if removed:
        audit.record("referral:equality_forgotten", subject=referral, by=by)
    return bool(removed)


def is_recorded(referral_id: UUID) -> bool:
    """Whether this person's answers are kept."""
    found = select(EqualityAnswer.id).where(EqualityAnswer.link == link_of(referral_id))
    return db.session.scalar(found) is not None
