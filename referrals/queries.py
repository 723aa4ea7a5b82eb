"""Reading one sent referral. What may be seen is in every query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from lots.contracts.models import ContractArea
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours, check
from referrals.models import Referral
from referrals.permissions import ReferralPermission, visible_to

# How many colleagues can be named for a case.
MOST_NAMED = 20


def case(referral_id: UUID, by: Acting) -> Referral:
    """One case. Raises NotYours where this person may not know of it."""
    found = db.session.scalars(
        select(Referral).where(Referral.id == referral_id, visible_to(by))
    ).one_or_none()
    if found is None:
        raise NotYours()
    return found


def case_to_deliver(referral_id: UUID, by: Acting) -> Referral:
    """One case whose service this person delivers. Raises NotYours, Refused."""
    referral = case(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    return referral


def locked_with_place(referral_id: UUID, by: Acting) -> Referral:
    """The referral, locked after the row of its service, as everybody does who places people.

    For what gives a place back, begins something at a service that may be stopped, or moves a case.
    Raises NotYours where this person may not see it.
    """
    here = select(Referral.contract_area_id).where(Referral.id == referral_id, visible_to(by))
    area = select(ContractArea.id).where(ContractArea.id == here.scalar_subquery())
    db.session.execute(area.with_for_update(key_share=True))
    return locked(referral_id, by)


def locked(referral_id: UUID, by: Acting) -> Referral:
    """The referral, locked for this write; no service is locked after it.

    Raises NotYours where this person may not see it.
    """
    found = db.session.scalars(
        select(Referral)
        .where(Referral.id == referral_id, visible_to(by))
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotYours()
    return found


def locked_all(referral_ids: Iterable[UUID], by: Acting) -> Sequence[Referral]:
    """Those of these referrals that this person may see, by id, locked for this write; one read."""
    return db.session.scalars(
        select(Referral)
        .where(Referral.id.in_(list(referral_ids)), visible_to(by))
        .order_by(Referral.id)
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    ).all()
