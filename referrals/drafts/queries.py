"""Reading a draft: its services, its answers and its questions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from lots.contracts.models import Contract, ContractArea
from lots.contracts.places import open_on
from marketplace import clock
from marketplace.acting import Acting
from marketplace.categories.queries import services
from marketplace.database import db
from marketplace.keyring import keyring
from marketplace.organisations.models import Organisation
from referrals.drafted import ReferralDraft, ReferralDraftService
from referrals.drafts.over import missing
from referrals.drafts.questions import Question, chosen_needs, questions
from referrals.drafts.routes import of_service
from referrals.eligibility import OFFERS, Offer, offer_of, regions_by_area


@dataclass(frozen=True)
class DraftService:
    """One of the services a draft is for; `position` is 1 for the first."""

    position: int
    offer: Offer
    name: str
    needs: list[str]

    @property
    def id(self) -> UUID:
        """The service's own id."""
        return self.offer.contract_area_id


@dataclass(frozen=True)
class Draft:
    """A draft with its answers and the services it is for, at least one."""

    id: UUID
    expires_at: datetime
    answers: dict[str, Any]
    services: list[DraftService]

    @property
    def offer(self) -> Offer:
        """What its first service offers."""
        return self.services[0].offer

    @property
    def service_name(self) -> str:
        """What its first service is called."""
        return self.services[0].name

    @property
    def needs(self) -> list[str]:
        """The needs that its first service meets."""
        return self.services[0].needs

    @property
    def questions(self) -> list[Question]:
        """Every question to answer, in order."""
        return questions(self.answers, [(each.position, each.needs) for each in self.services])

    @property
    def unanswered(self) -> list[Question]:
        """The questions still to be answered before it can be sent."""
        chosen = {each.position: self.chosen_needs(each) for each in self.services}
        return [
            each
            for each in self.questions
            if each.slug not in self.answers
            or (each.slug.startswith("needs") and not chosen[each.position])
        ]

    def answers_to(self, service: DraftService) -> dict[str, Any]:
        """What the draft says to one of its services."""
        return of_service(self.answers, service.position)

    def chosen_needs(self, service: DraftService) -> list[str]:
        """The needs that this service is to meet, as far as they are chosen."""
        return chosen_needs(self.answers_to(service), service.needs)

    def service_of(self, question: Question) -> DraftService:
        """The service that a question belongs to."""
        return next(each for each in self.services if each.position == question.position)

    def question(self, slug: str) -> Question | None:
        """The question of this slug; None where the draft does not ask it, or no longer."""
        return next((each for each in self.questions if each.slug == slug), None)

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
    """This person's draft. Raises NotYours where it is another's, DraftOver where gone."""
    found = db.session.scalars(
        select(ReferralDraft).where(
            ReferralDraft.id == draft_id,
            ReferralDraft.author_id == by.person_id,
            ReferralDraft.organisation_id == by.organisation_id,
        )
    ).one_or_none()
    if found is None:
        raise missing(draft_id, by)
    return Draft(found.id, found.expires_at, json.loads(found.answers), _services_of(found))


def _services_of(draft: ReferralDraft) -> list[DraftService]:
    further = select(ReferralDraftService.contract_area_id, ReferralDraftService.position).where(
        ReferralDraftService.draft_id == draft.id
    )
    positions = {draft.contract_area_id: 1} | {
        row[0]: row[1] for row in db.session.execute(further)
    }
    bought = {each.code: each for each in services(clock.today())}
    rows = db.session.execute(OFFERS.where(ContractArea.id.in_(positions)))
    found = []
    for offered in map(offer_of, rows):
        service = bought.get(offered.service_code)
        name, needs = (service.label, service.need_codes) if service else (offered.service_code, [])
        found.append(DraftService(positions[offered.contract_area_id], offered, name, needs))
    return sorted(found, key=lambda each: each.position)


@dataclass(frozen=True)
class DraftRow:
    """A line of somebody's list of drafts; `further` counts its services beside the first."""

    id: UUID
    name: str
    service_code: str
    provider_name: str
    started_at: datetime
    expires_at: datetime
    further: int


def drafts_of(by: Acting) -> list[DraftRow]:
    """This person's fifty newest drafts, each with the name typed so far; one statement."""
    further = (
        select(func.count())
        .where(ReferralDraftService.draft_id == ReferralDraft.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            ReferralDraft.id,
            ReferralDraft.answers,
            Contract.service_code,
            Organisation.name,
            ReferralDraft.started_at,
            ReferralDraft.expires_at,
            further,
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


def open_services(area: str | None, but: Sequence[UUID], today: date) -> list[Offer]:
    """The services that take referrals today from an area, without `but`; at most a hundred."""
    if area is None:
        return []
    region = regions_by_area(today).get(area)
    rows = db.session.execute(
        OFFERS.where(
            *open_on(today),
            ContractArea.region_code == region,
            (ContractArea.area_code == area) | ContractArea.area_code.is_(None),
            ContractArea.id.not_in(but),
        )
        .order_by(Contract.service_code, ContractArea.id)
        .limit(100)
    )
    return [offer_of(row) for row in rows]
