"""The services to choose from: those open where the person is, with free places and needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from marketplace.categories.queries import category_names, cohorts, services
from marketplace.database import db
from referrals.drafts.queries import open_services
from referrals.eligibility import Offer, Subject, does_not_fit, misfits, subject_again
from referrals.models import Referral, ReferralNeed


@dataclass(frozen=True)
class Choice:
    """A service that can be chosen; `needs` are those it meets, by name.

    `misfit` says why it does not fit the person, None where nothing known stands against it.
    """

    offer: Offer
    name: str
    needs: list[str]
    free_places: int
    misfit: str | None

    @property
    def id(self) -> UUID:
        """The service's own id."""
        return self.offer.contract_area_id


def choices(subject: Subject, area: str | None, but: Sequence[UUID], today: date) -> list[Choice]:
    """What takes referrals from an area today, without `but`, those that fit the person first.

    A constant number of statements.
    """
    offers = open_services(area, but, today)
    groups = {each.code: each for each in cohorts(today)} if offers else {}
    bought = {each.code: each for each in services(today)} if offers else {}
    names = category_names() if offers else {}
    found = []
    for each in offers:
        service = bought.get(each.service_code)
        needs = [names.get(code, code) for code in service.need_codes] if service else []
        name = service.label if service else each.service_code
        codes = {each.cohort, service.cohort_code if service else None} & groups.keys()
        reasons = misfits(each, [groups[code] for code in codes if code], subject, today)
        misfit = does_not_fit(reasons) if reasons else None
        found.append(Choice(each, name, needs, each.free_places(today), misfit))
    return sorted(found, key=lambda each: each.misfit is not None)


def subject_of_case(referral: Referral) -> Subject:
    """What a fit depends on, of somebody who was referred before; dates are asked anew."""
    status = referral.sentence_status
    return replace(subject_again(referral), complete_by=None, sentence_status=status)


def needs_of(referral_id: UUID, names: Mapping[str, str]) -> list[str]:
    """The needs a referral names, in words."""
    codes = select(ReferralNeed.need_code).where(ReferralNeed.referral_id == referral_id)
    return [names.get(code, code) for code in db.session.scalars(codes)]
