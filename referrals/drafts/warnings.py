"""What stands against a draft, or should be known before more is typed: fit, other referrals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import clock
from marketplace.acting import Acting
from marketplace.categories.queries import category_names
from marketplace.database import db
from referrals.codes import OPEN
from referrals.drafts.queries import Draft, crn_hash
from referrals.eligibility import does_not_fit, groups_of, misfits, regions_by_area, subject_of
from referrals.models import Referral, ReferralNeed
from referrals.permissions import visible_to


def misfits_of(draft: Draft) -> list[str]:
    """For each service that does not fit what the draft says so far, why, in a sentence."""
    today = clock.today()
    regions = regions_by_area(today)
    found = []
    for each in draft.services:
        groups = groups_of(each.offer.cohort, each.offer.service_code, today)
        reasons = misfits(each.offer, groups, subject_of(draft.answers_to(each), regions), today)
        if reasons and len(draft.services) > 1:
            told = {"service": each.name, "reasons": "; ".join(reasons)}
            found.append(_("%(service)s does not fit because %(reasons)s.", **told))
        elif reasons:
            found.append(does_not_fit(reasons))
    return found


@dataclass(frozen=True)
class Duplicate:
    """An open referral of the same person for one of the same needs.

    `id` and `reference` are None where the case is not this practitioner's to see.
    """

    needs: list[str]
    id: UUID | None
    reference: str | None


def duplicates_of(draft: Draft, by: Acting) -> list[Duplicate]:
    """Open referrals of the same person for the same need; two statements at most.

    While no need is chosen, for any that the services meet: known as soon as the CRN is.
    """
    crn = draft.answers.get("crn", {}).get("crn")
    wanted = {need for each in draft.services for need in (draft.chosen_needs(each) or each.needs)}
    if not crn or not wanted:
        return []
    rows = db.session.execute(
        select(Referral.id, Referral.reference, visible_to(by), ReferralNeed.need_code)
        .join(ReferralNeed, ReferralNeed.referral_id == Referral.id)
        .where(
            Referral.crn_hash == crn_hash(crn),
            Referral.state.in_(OPEN),
            ReferralNeed.need_code.in_(wanted),
        )
        .order_by(Referral.sent_at, ReferralNeed.position)
        .limit(50)
    ).all()
    names = category_names() if rows else {}
    found: dict[UUID, Duplicate] = {}
    for referral_id, reference, visible, need in rows:
        known = (referral_id, reference) if visible else (None, None)
        each = found.setdefault(referral_id, Duplicate([], *known))
        each.needs.append(names.get(need, need))
    return list(found.values())


@dataclass(frozen=True)
class RarDays:
    """Enforceable days: of the person's other open referrals, of this draft, and the most.

    `maximum` is the court's, None where it is not known.
    """

    elsewhere: int
    here: int
    maximum: int | None

    @property
    def over(self) -> int:
        """How many days more than the court ordered may be used if this is sent."""
        if self.maximum is None:
            return 0
        return max(0, self.elsewhere + self.here - self.maximum)


def rar_days_of(draft: Draft) -> RarDays:
    """The days this draft would add to those of the person's other open referrals."""
    answers: dict[str, Any] = draft.answers
    crn = answers.get("crn", {}).get("crn")
    days = (
        db.session.scalars(
            select(Referral.rar_days).where(
                Referral.crn_hash == crn_hash(crn), Referral.state.in_(OPEN)
            )
        ).all()
        if crn
        else []
    )
    here = [draft.answers_to(each).get("rar-days", {}).get("rar_days") for each in draft.services]
    return RarDays(
        elsewhere=sum(int(each) for each in days),
        here=sum(each or 0 for each in here),
        maximum=answers.get("rar", {}).get("maximum"),
    )
