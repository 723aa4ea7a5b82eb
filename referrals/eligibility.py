"""Whether a service fits a person, with the reasons in words.

Asked: area, sex, age, group of people, the point of the sentence, and the service's dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from lots.vocabulary import SENTENCE_STATUSES, CustodyClocks, SentenceStatus
from marketplace.areas.queries import areas_on
from marketplace.categories.models import Cohort, Service
from marketplace.database import db
from marketplace.organisations.models import Organisation
from referrals.models import Referral

ADULT = 18


@dataclass(frozen=True)
class Offer:
    """One service in one area, with what it needs to be judged and told by."""

    contract_area_id: UUID
    service_code: str
    area_code: str | None
    region_code: str
    cohort: str | None
    starts_on: date
    ends_on: date
    opened_at: datetime | None
    stopped_at: datetime | None
    closed_at: datetime | None
    places: int
    reserved: int
    paused_until: date | None
    provider_id: UUID
    provider_name: str
    provider_email: str | None
    min_age: int | None
    max_age: int | None
    statuses: list[str]
    custody_days: int | None
    custody_clocks: CustodyClocks

    def is_paused(self, today: date) -> bool:
        """Whether the provider takes nobody new until a later day."""
        return self.paused_until is not None and self.paused_until > today

    def free_places(self, today: date) -> int:
        """How many people it can take now; a paused service takes nobody."""
        if self.is_paused(today):
            return 0
        return self.places - self.reserved

    def takes_referrals(self, today: date) -> bool:
        """Opened by its mobilisation, not stopped or closed, and today within its dates."""
        return (
            self.opened_at is not None
            and self.stopped_at is None
            and self.closed_at is None
            and self.starts_on <= today <= self.ends_on
        )


OFFER_COLUMNS = (
    ContractArea.id,
    Contract.service_code,
    ContractArea.area_code,
    ContractArea.region_code,
    ContractArea.cohort,
    ContractArea.starts_on,
    ContractArea.ends_on,
    ContractArea.opened_at,
    ContractArea.stopped_at,
    ContractArea.closed_at,
    ContractArea.places,
    ContractArea.reserved,
    ContractArea.paused_until,
    Organisation.id,
    Organisation.name,
    Organisation.contact_email,
    Contract.min_age,
    Contract.max_age,
    Contract.statuses,
    Contract.custody_days,
    Contract.custody_clocks,
)
OFFERS = (
    select(*OFFER_COLUMNS)
    .join(Contract, Contract.id == ContractArea.contract_id)
    .join(Organisation, Organisation.id == Contract.provider_id)
)


def offer(contract_area_id: UUID) -> Offer | None:
    """This service as it stands now; one statement."""
    row = db.session.execute(OFFERS.where(ContractArea.id == contract_area_id)).one_or_none()
    return offer_of(row) if row else None


def offer_of(row: Sequence[Any]) -> Offer:
    """A row of `OFFERS` as an offer."""
    return Offer(*row)


@dataclass(frozen=True)
class Subject:
    """What is asked of the person to judge a fit; None where it is not known yet.

    `sentence_status` is one of `POINTS`.
    """

    date_of_birth: date | None
    sex: str | None
    area_code: str | None
    region_code: str | None
    complete_by: date | None
    sentence_status: str | None = None


def subject_again(referral: Referral) -> Subject:
    """What is asked again of somebody who was referred: their age, and what the service offers.

    The area was judged at sending. Who is released meanwhile is not asked again at which point of
    the sentence they are.
    """
    return Subject(
        date_of_birth=date.fromisoformat(referral.date_of_birth),
        sex=referral.sex,
        area_code=None,
        region_code=None,
        complete_by=date.fromisoformat(referral.complete_by),
    )


def regions_by_area(day: date) -> dict[str, str]:
    """The region of every area in force on `day`; one statement."""
    return {area.code: area.region_code for area in areas_on(day)}


def subject_of(answers: dict[str, Any], areas: dict[str, str]) -> Subject:
    """What the answers so far say that a fit depends on; `areas` maps an area to its region."""
    born = answers.get("born", {}).get("date_of_birth")
    complete_by = answers.get("complete-by", {}).get("complete_by")
    area = answers.get("area", {}).get("area")
    return Subject(
        date_of_birth=date.fromisoformat(born) if born else None,
        sex=answers.get("sex", {}).get("sex"),
        area_code=area,
        region_code=areas.get(area or ""),
        complete_by=date.fromisoformat(complete_by) if complete_by else None,
        sentence_status=answers.get("sentence-status", {}).get("status"),
    )


# What a practitioner says of the sentence, and which points of a lot's "who can be referred" it is.
POINTS = {
    "community_order": (SentenceStatus.COMMUNITY_ORDER,),
    "suspended": (SentenceStatus.SUSPENDED_SENTENCE,),
    "licence": (SentenceStatus.LICENCE,),
    "post_sentence": (SentenceStatus.SUPERVISION,),
    "prison": (SentenceStatus.CUSTODY,),
    "remand": (SentenceStatus.CUSTODY, SentenceStatus.PRE_SENTENCE),
}


def age_on(born: date, day: date) -> int:
    """Whole years lived on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def groups_named(codes: list[str], today: date) -> list[Cohort]:
    """The groups of people with these codes; no statement where there are none."""
    if not codes:
        return []
    wanted = select(Cohort).where(Cohort.code.in_(codes), Cohort.in_force(today))
    return list(db.session.scalars(wanted))


def groups_of(cohort: str | None, service_code: str, today: date) -> list[Cohort]:
    """The groups of people a service is for; none where it is for everybody. One statement."""
    of_service = select(Service.cohort_code).where(
        Service.code == service_code, Service.in_force(today)
    )
    return list(
        db.session.scalars(
            select(Cohort).where(
                Cohort.in_force(today), (Cohort.code == cohort) | Cohort.code.in_(of_service)
            )
        )
    )


def misfits(offered: Offer, groups: Iterable[Cohort], subject: Subject, today: date) -> list[str]:
    """Every reason why the service does not fit the person, in words; empty where it fits."""
    found = []
    if not offered.takes_referrals(today):
        found.append(_("it does not take referrals at present"))
    found += _misfits_of_place(offered, subject)
    for group in groups:
        found += _misfits_of_group(group, subject, today)
    if subject.date_of_birth:
        found += _misfits_of_age(offered, age_on(subject.date_of_birth, today))
    found += _misfits_of_sentence(offered, subject.sentence_status)
    if subject.complete_by and subject.complete_by > offered.ends_on:
        found.append(_("it ends before the date by which the work must be complete"))
    return found


def _misfits_of_age(offered: Offer, age: int) -> list[str]:
    least = max(ADULT, offered.min_age or ADULT)
    if age < least:
        return [_("it is for people aged %(age)s or over", age=least)]
    if offered.max_age is not None and age > offered.max_age:
        return [_("it is for people aged %(age)s or under", age=offered.max_age)]
    return []


def _misfits_of_sentence(offered: Offer, status: str | None) -> list[str]:
    points = POINTS.get(status or "", ())
    if not points or not offered.statuses or set(points) & set(offered.statuses):
        return []
    label = SENTENCE_STATUSES[points[0]]
    return [_("it does not take people at this point of a sentence: %(status)s", status=label)]


def _misfits_of_place(offered: Offer, subject: Subject) -> list[str]:
    if subject.area_code is None:
        return []
    if offered.area_code is not None and offered.area_code != subject.area_code:
        return [_("it is for people in another area")]
    if offered.region_code != subject.region_code:
        return [_("it is for people in another region")]
    return []


def _misfits_of_group(group: Cohort, subject: Subject, today: date) -> list[str]:
    found = []
    if group.sex == "female" and subject.sex not in (None, "female"):
        found.append(_("it is for women only"))
    if subject.date_of_birth is None:
        return found
    age = age_on(subject.date_of_birth, today)
    too_young = group.minimum_age is not None and age < group.minimum_age
    too_old = group.maximum_age is not None and age > group.maximum_age
    if too_young or too_old:
        found.append(_("it is for this group only: %(group)s", group=group.label))
    return found


def does_not_fit(reasons: list[str]) -> str:
    """The reasons as one sentence for the practitioner."""
    return _("This service does not fit because %(reasons)s.", reasons="; ".join(reasons))
