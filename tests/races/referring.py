"""A service with places, and practitioners with a finished draft each, ready to press send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

import requests
from sqlalchemy import select

from lots.contracts.models import ContractArea
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from marketplace.organisations.models import Organisation
from referrals.codes import HOLDING, ReferralState
from referrals.models import Referral
from tests.races.conftest import Race, Visitor
from tests.races.together import at_once
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.referrals import Answers, finished_answers, make_draft

SEND = "Send the referral"


@dataclass
class Service:
    """A live service in Kent, its provider, and the region whose practitioners refer to it."""

    area_id: UUID
    charity: Organisation
    region: Organisation

    def area(self) -> ContractArea:
        """Its row, read now."""
        return db.session.get_one(ContractArea, self.area_id, populate_existing=True)

    def referrals(self) -> Sequence[Referral]:
        """Every referral to it."""
        found = select(Referral).where(Referral.contract_area_id == self.area_id)
        return db.session.scalars(found.execution_options(populate_existing=True)).all()

    def holding(self) -> int:
        """How many referrals hold a place, counted."""
        return sum(referral.state in HOLDING for referral in self.referrals())

    def waiting(self) -> list[Referral]:
        """Those on the waiting list, in no order."""
        return [each for each in self.referrals() if each.state == ReferralState.WAITING]


def make_service(places: int, limit: int | None = None) -> Service:
    """A service with this many free places of `places` contracted ones."""
    region = make_organisation(OrganisationKind.REGION, region_code="K")
    charity = make_organisation(contact_email="in@harbour.example")
    contract = make_live_contract(charity, buyer=region, places=places)
    service = Service(contract.areas[0].id, charity, region)
    if limit is not None:
        with write():
            service.area().places = limit
    return service


@dataclass
class Sender:
    """A practitioner with the send form of their draft open."""

    visitor: Visitor
    draft_id: UUID
    answers: Answers
    action: str
    values: dict[str, Any]

    @property
    def key(self) -> str:
        """What its referral is found by."""
        return str(self.draft_id)

    def press(self) -> requests.Response:
        """Press the button; the answer is the page it leads to."""
        return self.visitor.post(self.action, self.values)

    def press_only(self) -> requests.Response:
        """Press the button; the answer is the redirect that acknowledges it."""
        return self.visitor.post(self.action, self.values, follow=False)


def senders(race: Race, service: Service, drafts: Sequence[Answers]) -> list[Sender]:
    """One practitioner for each of these drafts, each with the send form open."""
    with write():
        people = [make_person(Role.PRACTITIONER, service.region) for _ in drafts]
        ids = [
            make_draft(service.area_id, acting_as(person), answers).id
            for person, answers in zip(people, drafts, strict=True)
        ]
    visitors = [race.visitor(person) for person in people]

    def opened(visitor: Visitor, draft_id: UUID, answers: Answers) -> Sender:
        form = visitor.form_at(f"/referral-drafts/{draft_id}/check", SEND)
        return Sender(visitor, draft_id, answers, *form)

    given = zip(visitors, ids, drafts, strict=True)
    return at_once([partial(opened, *each) for each in given])


def finished(count: int) -> list[Answers]:
    """So many drafts with every question answered, each for another person."""
    return [finished_answers(crn={"crn": f"X{number:06}"}) for number in range(count)]
