"""Who may do what with referrals, and which referrals somebody may know of at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, Select, exists, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from lots.contracts.models import Contract, ContractArea
from lots.contracts.partners.models import ContractAreaPartner, ContractPartner
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.database import db
from marketplace.permissions import policy, rule
from referrals.drafted import ReferralDraft
from referrals.models import Caseworker, NamedPerson, Referral, TeamMember


class ReferralPermission(StrEnum):
    """What can be done with referrals."""

    REFER = "referral:refer"
    MY_CASES = "referral:my_cases"
    INCOMING = "referral:incoming"
    SEE_CASE = "referral:see_case"
    RESPOND = "referral:respond"
    ASSIGN = "referral:assign"
    DELIVER = "referral:deliver"
    REPLY = "referral:reply"
    END = "referral:end"
    DECIDE = "referral:decide"
    ACKNOWLEDGE = "referral:acknowledge"
    GIVE_ACCESS = "referral:give_access"
    SEE_READS = "referral:see_reads"
    AUDIT_READS = "referral:audit_reads"
    CONFIRM_TEAM = "referral:confirm_team"
    SEE_OVERDUE = "referral:see_overdue"
    SAVE_LIST = "referral:save_list"
    SAVE_NAMES = "referral:save_names"


REFERRERS = (Role.PRACTITIONER, Role.PRISON_PRACTITIONER)
PROBATION = (*REFERRERS, Role.TEAM_MANAGER)
PROVIDERS = (Role.SERVICE_MANAGER, Role.CASEWORKER)
MANAGERS = (Role.TEAM_MANAGER, Role.SERVICE_MANAGER)


def is_author(by: Acting, draft: ReferralDraft) -> bool:
    """The draft is this person's own, begun for the organisation they act for."""
    return draft.author_id == by.person_id and draft.organisation_id == by.organisation_id


def partner_areas(organisation_id: UUID) -> Select[UUID]:
    """The areas of other providers' contracts in which this organisation is a partner now."""
    return (
        select(ContractAreaPartner.contract_area_id)
        .join(ContractPartner, ContractPartner.id == ContractAreaPartner.partner_id)
        .where(
            ContractPartner.organisation_id == organisation_id,
            ContractPartner.removed_at.is_(None),
        )
    )


def leads(by: Acting, referral: Referral) -> bool:
    """The organisation acted for holds the contract of the service referred to."""
    return referral.provider_id == by.organisation_id


def delivers(by: Acting, referral: Referral) -> bool:
    """The organisation acted for delivers the service: it leads, or is a partner in that area."""
    if by.organisation_kind != OrganisationKind.PROVIDER:
        return False
    if leads(by, referral):
        return True
    part = partner_areas(by.organisation_id).where(
        ContractAreaPartner.contract_area_id == referral.contract_area_id
    )
    return db.session.scalar(part.limit(1)) is not None


def refers(by: Acting, referral: Referral) -> bool:
    """The organisation acted for made the referral; `visible_to` narrows it to own and team's."""
    return referral.organisation_id == by.organisation_id


def manages(by: Acting, referral: Referral) -> bool:
    """Whose case it is, and what of it is kept: its practitioner's, or a team manager for them.

    Of a restricted case a team manager who is named; `visible_to` has left out everybody else.
    """
    return owns(by, referral) or (refers(by, referral) and by.has(Role.TEAM_MANAGER))


def decides(by: Acting, referral: Referral) -> bool:
    """What becomes of a case whose service ends: whoever manages it.

    Of a restricted case whoever is named, where neither owner nor deputy can any more.
    """
    return manages(by, referral) or (is_of_it(by, referral) and is_unattended(referral))


def is_of_it(by: Acting, referral: Referral) -> bool:
    """Whoever manages the case, and of a restricted one whoever is named."""
    return manages(by, referral) or (refers(by, referral) and referral.is_restricted)


def owns(by: Acting, referral: Referral) -> bool:
    """The case belongs to this practitioner, as its owner or the deputy."""
    return refers(by, referral) and by.person_id in (referral.owner_id, referral.deputy_id)


def unattended() -> ColumnElement[bool]:
    """The condition on `Referral` that neither owner nor deputy can see to it.

    They work for its organisation no more, or cannot sign in.
    """
    at = Referral.organisation_id
    return ~or_(
        *(
            exists().where(
                Membership.person_id == Person.id,
                Person.id == person_id,
                *works_at(at, roles),
            )
            for person_id, roles in (
                (Referral.owner_id, REFERRERS),
                (Referral.deputy_id, PROBATION),
            )
        )
    )


def is_unattended(referral: Referral) -> bool:
    """The same of one case; one statement."""
    here = select(Referral.id).where(Referral.id == referral.id, unattended())
    return db.session.scalar(here) is not None


def works_at(
    organisation_id: UUID | InstrumentedAttribute[UUID], roles: Iterable[Role]
) -> list[ColumnElement[bool]]:
    """The conditions on `Person` joined with `Membership`: who can sign in and has a role there."""
    return [
        Person.state == PersonState.ACTIVE,
        Membership.organisation_id == organisation_id,
        Membership.role.in_(roles),
    ]


def works_there(person_id: UUID, organisation_id: UUID, roles: Iterable[Role]) -> bool:
    """Whether somebody who can sign in holds one of these roles there."""
    held = select(Membership.id).join(Person, Person.id == Membership.person_id)
    held = held.where(Person.id == person_id, *works_at(organisation_id, roles))
    return db.session.scalar(held.limit(1)) is not None


def is_colleague(by: Acting, member: TeamMember) -> bool:
    """Somebody of the organisation acted for."""
    return member.organisation_id == by.organisation_id


def sees(by: Acting, referral: Referral) -> bool:
    """One of the two sides."""
    return refers(by, referral) or delivers(by, referral)


TABLE = {
    ReferralPermission.REFER: rule(REFERRERS, when=is_author),
    ReferralPermission.MY_CASES: rule(PROBATION),
    ReferralPermission.INCOMING: rule(PROVIDERS),
    ReferralPermission.SEE_CASE: rule((*PROBATION, *PROVIDERS), when=sees),
    ReferralPermission.RESPOND: rule(PROVIDERS, when=delivers),
    ReferralPermission.ASSIGN: rule((Role.SERVICE_MANAGER,), when=delivers),
    ReferralPermission.DELIVER: rule(PROVIDERS, when=delivers),
    ReferralPermission.REPLY: rule(PROBATION, when=refers),
    ReferralPermission.END: rule(PROBATION, when=refers),
    ReferralPermission.DECIDE: rule(PROBATION, when=decides),
    ReferralPermission.ACKNOWLEDGE: rule(PROBATION, when=decides),
    ReferralPermission.GIVE_ACCESS: rule(REFERRERS, when=owns),
    ReferralPermission.SEE_READS: rule(PROBATION, when=is_of_it),
    ReferralPermission.AUDIT_READS: rule((Role.AUDITOR,)),
    ReferralPermission.CONFIRM_TEAM: rule((Role.TEAM_MANAGER,), when=is_colleague),
    ReferralPermission.SEE_OVERDUE: rule((*MANAGERS, Role.CONTRACT_MANAGER)),
    # What is saved leaves the product: whoever does it confirms that it is them.
    ReferralPermission.SAVE_LIST: rule((*PROBATION, *PROVIDERS), fresh=True),
    ReferralPermission.SAVE_NAMES: rule(MANAGERS),
}


def partner_area_ids(by: Acting) -> Sequence[UUID]:
    """The same as ids: a list of literals lets a database go by its indexes."""
    return db.session.scalars(partner_areas(by.organisation_id)).all()


def visible_to(by: Acting, areas: Sequence[UUID] | None = None) -> ColumnElement[bool]:
    """The condition on `Referral` that leaves what this person may see.

    A provider sees what its contracts were sent, a partner what was sent to its areas while it
    takes part; both once placed: somebody waiting has no business with them yet. Probation and
    prison staff see their own and, once confirmed, their team's. A restricted case is seen by its
    owner, the deputy and those named; at the provider by managers and its caseworkers, at a partner
    by its caseworkers and, while one works on it, its managers. Of a provider one statement is
    read, unless `areas`, its `partner_area_ids`, are given.
    """
    if by.organisation_kind == OrganisationKind.PROVIDER and by.has(*PROVIDERS):
        return _provider_sees(by, partner_area_ids(by) if areas is None else areas)
    if by.has(*PROBATION):
        return _probation_sees(by)
    return false()


def belongs_to(person_id: UUID) -> ColumnElement[bool]:
    """The condition on `Referral` that it is this practitioner's: as its owner or the deputy."""
    return or_(Referral.owner_id == person_id, Referral.deputy_id == person_id)


def works_on(person_id: UUID, organisation_id: UUID) -> ColumnElement[bool]:
    """The condition on `Referral` that this caseworker of this organisation works on it."""
    return Referral.id.in_(
        select(Caseworker.referral_id).where(
            Caseworker.person_id == person_id,
            Caseworker.organisation_id == organisation_id,
            Caseworker.until.is_(None),
        )
    )


def own(by: Acting) -> ColumnElement[bool]:
    """The condition on `Referral` that it is this person's: as owner, deputy or caseworker."""
    if by.has(*PROVIDERS):
        return works_on(by.person_id, by.organisation_id)
    return belongs_to(by.person_id)


def confirmed_units(by: Acting) -> Select[str]:
    """The delivery unit in which this person's work for the organisation is confirmed."""
    return select(TeamMember.delivery_unit_code).where(
        TeamMember.person_id == by.person_id,
        TeamMember.organisation_id == by.organisation_id,
        TeamMember.confirmed_at.is_not(None),
    )


def delivered_by(organisation_id: UUID) -> ColumnElement[bool]:
    """The condition on `ContractArea` joined with `Contract` that it delivers there.

    As the provider, or as a partner in that area.
    """
    return or_(
        Contract.provider_id == organisation_id,
        ContractArea.id.in_(partner_areas(organisation_id)),
    )


def _provider_sees(by: Acting, areas: Sequence[UUID]) -> ColumnElement[bool]:
    led = Referral.provider_id == by.organisation_id
    theirs = or_(led, Referral.contract_area_id.in_(areas)) if areas else led
    theirs &= Referral.placed_at.is_not(None)
    works = (
        Caseworker.referral_id == Referral.id,
        Caseworker.organisation_id == by.organisation_id,
        Caseworker.until.is_(None),
    )
    if not by.has(Role.SERVICE_MANAGER):
        works_on_it = exists().where(*works, Caseworker.person_id == by.person_id)
        return theirs & or_(Referral.is_restricted.is_(False), works_on_it)
    if not areas:
        return theirs
    return theirs & or_(led, Referral.is_restricted.is_(False), exists().where(*works))


def _probation_sees(by: Acting) -> ColumnElement[bool]:
    own = belongs_to(by.person_id) & (Referral.organisation_id == by.organisation_id)
    teams = (Referral.organisation_id == by.organisation_id) & Referral.delivery_unit_code.in_(
        confirmed_units(by)
    )
    named = exists().where(
        NamedPerson.referral_id == Referral.id, NamedPerson.person_id == by.person_id
    )
    same = Referral.organisation_id == by.organisation_id
    return or_(own, teams & Referral.is_restricted.is_(False), same & named)


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
