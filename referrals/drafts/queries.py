"""Reading a draft, and the choices its questions offer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from marketplace import clock
from marketplace.acting import Acting, Role
from marketplace.areas.queries import area_choices, areas_on, delivery_units_on
from marketplace.categories.queries import category_names, outcomes_of, service
from marketplace.database import db
from marketplace.keyring import keyring
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours
from marketplace.web.fields import SelectChoice
from referrals.codes import OPEN
from referrals.drafts.base import Context
from referrals.drafts.questions import Question, chosen_needs, questions
from referrals.eligibility import Offer, Subject, does_not_fit, groups_of, misfits, offer
from referrals.models import Referral, ReferralDraft, ReferralNeed, TeamMember
from referrals.permissions import visible_to


@dataclass(frozen=True)
class Draft:
    """A draft with its answers and the service it is for."""

    id: UUID
    expires_at: datetime
    answers: dict[str, Any]
    offer: Offer
    service_name: str
    needs: list[str]

    @property
    def questions(self) -> list[Question]:
        """Every question to answer, in order."""
        return questions(self.answers, self.needs)

    def question(self, slug: str) -> Question:
        """The question of this slug. Raises NotYours where the draft does not ask it."""
        for each in self.questions:
            if each.slug == slug:
                return each
        raise NotYours()

    def next_after(self, slug: str) -> Question | None:
        """The next question without an answer, looking on from this one, then from the start."""
        asked = self.questions
        here = next((at for at, each in enumerate(asked) if each.slug == slug), 0)
        rest = asked[here + 1 :] + asked[:here]
        return next((each for each in rest if each.slug not in self.answers), None)


def crn_hash(crn: str) -> bytes:
    """The keyed hash by which a person is found again, spaces and case folded."""
    return keyring().lookup_hash("referral.crn", "".join(crn.split()).upper())


def draft_of(draft_id: UUID, by: Acting) -> Draft:
    """This person's draft. Raises NotYours where it is another's, sent or gone."""
    found = db.session.scalars(
        select(ReferralDraft).where(
            ReferralDraft.id == draft_id,
            ReferralDraft.author_id == by.person_id,
            ReferralDraft.organisation_id == by.organisation_id,
        )
    ).one_or_none()
    if found is None:
        raise NotYours()
    offered = offer(found.contract_area_id)
    bought = service(offered.service_code) if offered else None
    if offered is None or bought is None:
        raise NotYours()
    answers = json.loads(found.answers)
    return Draft(found.id, found.expires_at, answers, offered, bought.label, bought.need_codes)


@dataclass(frozen=True)
class DraftRow:
    """A line of somebody's list of drafts."""

    id: UUID
    name: str
    service_code: str
    provider_name: str
    started_at: datetime
    expires_at: datetime


def drafts_of(by: Acting) -> list[DraftRow]:
    """This person's fifty newest drafts, each with the name typed so far; one statement."""
    rows = db.session.execute(
        select(
            ReferralDraft.id,
            ReferralDraft.answers,
            Contract.service_code,
            Organisation.name,
            ReferralDraft.started_at,
            ReferralDraft.expires_at,
        )
        .join(ContractArea, ContractArea.id == ReferralDraft.contract_area_id)
        .join(Contract, Contract.id == ContractArea.contract_id)
        .join(Organisation, Organisation.id == Contract.provider_id)
        .where(
            ReferralDraft.author_id == by.person_id,
            ReferralDraft.organisation_id == by.organisation_id,
        )
        .order_by(ReferralDraft.started_at.desc())
        .limit(50)
    )
    return [
        DraftRow(row[0], json.loads(row[1]).get("name", {}).get("name", ""), *row[2:])
        for row in rows
    ]


def context_of(draft: Draft, question: Question, by: Acting) -> Context:
    """What the form of this question is prepared with."""
    today = clock.today()
    offered: dict[str, list[SelectChoice]] = {}
    if question.slug == "area":
        offered["area"] = _select(area_choices(), _("Choose an area"))
    elif question.slug == "practitioner":
        units = [(unit.code, unit.label) for unit in _units(draft, by, today)]
        offered["delivery_unit"] = _select(units, _("Choose a delivery unit"))
    elif question.slug == "needs":
        names = category_names()
        offered["needs"] = [SelectChoice(code, names.get(code, code)) for code in draft.needs]
    elif question.need and question.slug.startswith("outcomes-"):
        outcomes = outcomes_of(question.need, today)
        offered["outcomes"] = [SelectChoice(each.code, each.label) for each in outcomes]
    return Context(today, draft.answers, offered)


def _units(draft: Draft, by: Acting, today: date) -> Sequence[Any]:
    region = draft.offer.region_code if by.has(Role.PRISON_PRACTITIONER) else by.region_code
    return delivery_units_on(today, region)


def _select(pairs: Sequence[tuple[str, str]], first: str) -> list[SelectChoice]:
    return [SelectChoice("", first), *(SelectChoice(code, name) for code, name in pairs)]


def prefill(question: Question, by: Acting) -> dict[str, Any]:
    """What is known of the person writing, offered in their own details."""
    if question.slug != "practitioner":
        return {}
    unit = db.session.scalar(
        select(TeamMember.delivery_unit_code).where(
            TeamMember.person_id == by.person_id,
            TeamMember.organisation_id == by.organisation_id,
        )
    )
    return {"name": by.name, "delivery_unit": unit}


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
    )


def regions_by_area(day: date) -> dict[str, str]:
    """The region of every area in force on `day`; one statement."""
    return {area.code: area.region_code for area in areas_on(day)}


def misfit_of(draft: Draft) -> str | None:
    """Why the service does not fit what the draft says so far; None where it does."""
    today = clock.today()
    groups = groups_of(draft.offer.cohort, draft.offer.service_code, today)
    subject = subject_of(draft.answers, regions_by_area(today))
    reasons = misfits(draft.offer, groups, subject, today)
    return does_not_fit(reasons) if reasons else None


@dataclass(frozen=True)
class Duplicate:
    """An open referral of the same person for one of the same needs.

    `id` and `reference` are None where the case is not this practitioner's to see.
    """

    needs: list[str]
    id: UUID | None
    reference: str | None


def duplicates_of(draft: Draft, by: Acting) -> list[Duplicate]:
    """Open referrals of the same person for the same need; two statements at most."""
    crn = draft.answers.get("crn", {}).get("crn")
    wanted = chosen_needs(draft.answers, draft.needs)
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


def rar_days_in_use(draft: Draft) -> int:
    """Enforceable days summed over the person's other open referrals."""
    crn = draft.answers.get("crn", {}).get("crn")
    if not crn:
        return 0
    days = db.session.scalars(
        select(Referral.rar_days).where(
            Referral.crn_hash == crn_hash(crn), Referral.state.in_(OPEN)
        )
    )
    return sum(int(each) for each in days)
