"""Who can work on a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from lots.contracts.partners.models import ContractAreaPartner, ContractPartner
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from referrals.models import Caseworker, MessageKind, Referral, ReferralMessage
from referrals.permissions import PROVIDERS, leads


@dataclass(frozen=True)
class Colleague:
    """Somebody who can work on a case, or does, and for whom."""

    id: UUID
    name: str
    organisation: str


def staff_for(referral: Referral, by: Acting) -> list[Colleague]:
    """Those whom this manager can have work on a case, by organisation and name; its own first.

    They can sign in.
    """
    rows = db.session.execute(
        select(Person, Organisation.id, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Person.state == PersonState.ACTIVE,
            Membership.role.in_(PROVIDERS),
            _employs(referral, by),
        )
        .distinct()
    )
    found: dict[UUID, tuple[bool, Colleague]] = {}
    for person, organisation_id, organisation in rows:
        elsewhere = organisation_id != by.organisation_id
        each = (elsewhere, Colleague(person.id, person.name, organisation))
        found[person.id] = min(found.get(person.id, each), each, key=lambda one: one[0])
    ordered = sorted(
        found.values(), key=lambda one: (one[0], one[1].organisation, one[1].name, one[1].id)
    )
    return [each for _elsewhere, each in ordered]


def employer_of(person_id: UUID, referral: Referral, by: Acting) -> UUID | None:
    """For whom somebody would work on a case; None where they deliver for none that could."""
    held = db.session.scalars(
        select(Membership.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Person.id == person_id,
            Person.state == PersonState.ACTIVE,
            Membership.role.in_(PROVIDERS),
            _employs(referral, by),
        )
    ).all()
    own = by.organisation_id
    return own if own in held else min(held, default=None)


def _employs(referral: Referral, by: Acting) -> ColumnElement[bool]:
    """The condition on `Membership`: of the organisation acted for, or of a partner it leads."""
    own = Membership.organisation_id == by.organisation_id
    if not leads(by, referral):
        return own
    partners = (
        select(ContractPartner.organisation_id)
        .join(ContractAreaPartner, ContractAreaPartner.partner_id == ContractPartner.id)
        .where(
            ContractAreaPartner.contract_area_id == referral.contract_area_id,
            ContractPartner.removed_at.is_(None),
        )
    )
    return or_(own, Membership.organisation_id.in_(partners))


def working_on(referral_id: UUID) -> Sequence[Colleague]:
    """Who works on a case now, in the order in which they began."""
    rows = db.session.execute(
        select(Person, Organisation.name)
        .join(Caseworker, Caseworker.person_id == Person.id)
        .join(Organisation, Organisation.id == Caseworker.organisation_id)
        .where(Caseworker.referral_id == referral_id, Caseworker.until.is_(None))
        .order_by(Caseworker.since, Caseworker.id)
    )
    return [Colleague(person.id, person.name, organisation) for person, organisation in rows]


def messages_of(referral_id: UUID) -> Sequence[tuple[ReferralMessage, str]]:
    """Every question and reply of a case with who wrote it, the earliest first."""
    rows = db.session.execute(
        select(ReferralMessage, Person.name)
        .join(Person, Person.id == ReferralMessage.by_id)
        .where(ReferralMessage.referral_id == referral_id)
        .order_by(ReferralMessage.at, ReferralMessage.id)
    )
    return [(message, name) for message, name in rows]


def last_question(referral_id: UUID) -> str | None:
    """The provider's latest question, to be read beside the reply."""
    return db.session.scalars(
        select(ReferralMessage.text)
        .where(
            ReferralMessage.referral_id == referral_id, ReferralMessage.kind == MessageKind.QUERY
        )
        .order_by(ReferralMessage.at.desc(), ReferralMessage.id.desc())
        .limit(1)
    ).one_or_none()


def partners_in(contract_area_id: UUID) -> Sequence[str]:
    """The names of the partners that deliver in an area beside the provider that leads."""
    return db.session.scalars(
        select(Organisation.name)
        .join(ContractPartner, ContractPartner.organisation_id == Organisation.id)
        .join(ContractAreaPartner, ContractAreaPartner.partner_id == ContractPartner.id)
        .where(
            ContractAreaPartner.contract_area_id == contract_area_id,
            ContractPartner.removed_at.is_(None),
        )
        .order_by(Organisation.name)
    ).all()
