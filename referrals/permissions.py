"""Who may do what with referrals, and which referrals somebody may know of at all."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, Select, exists, false, or_, select

from lots.contracts.partners.models import ContractAreaPartner, ContractPartner
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


def decides(by: Acting, referral: Referral) -> bool:
    """What becomes of a case whose service ends: its practitioner, or a team manager for them.

    Of a restricted case whoever is named; `visible_to` has left out everybody else.
    """
    any_of_team = by.has(Role.TEAM_MANAGER) or referral.is_restricted
    return owns(by, referral) or (refers(by, referral) and any_of_team)


def owns(by: Acting, referral: Referral) -> bool:
    """The case belongs to this practitioner, as its owner or the deputy."""
    return refers(by, referral) and by.person_id in (referral.owner_id, referral.deputy_id)


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
    ReferralPermission.SEE_READS: rule(PROBATION, when=decides),
    ReferralPermission.AUDIT_READS: rule((Role.AUDITOR,)),
    ReferralPermission.CONFIRM_TEAM: rule((Role.TEAM_MANAGER,), when=is_colleague),
    ReferralPermission.SEE_OVERDUE: rule((*MANAGERS, Role.CONTRACT_MANAGER)),
    ReferralPermission.SAVE_LIST: rule((*PROBATION, *PROVIDERS)),
    ReferralPermission.SAVE_NAMES: rule(MANAGERS),
}


def visible_to(by: Acting) -> ColumnElement[bool]:
    """The condition on `Referral` that leaves what this person may see.

    A provider sees what its contracts were sent, a partner what was sent to its areas while it
    takes part; both once placed: somebody waiting has no business with them yet. Probation and
    prison staff see their own and, once confirmed, their team's. A restricted case is seen by its
    owner, the deputy and those named; at the provider by managers and its caseworkers, at a partner
    by its caseworkers and, while one works on it, its managers. Of a partner one statement is read.
    """
    if by.organisation_kind == OrganisationKind.PROVIDER and by.has(*PROVIDERS):
        return _provider_sees(by)
    if by.has(*PROBATION):
        return _probation_sees(by)
    return false()


def belongs_to(person_id: UUID) -> ColumnElement[bool]:
    """The condition on `Referral` that it is this practitioner's: as its owner or the deputy."""
    return or_(Referral.owner_id == person_id, Referral.deputy_id == person_id)


def _provider_sees(by: Acting) -> ColumnElement[bool]:
    led = Referral.provider_id == by.organisation_id
    # Ids, not a subquery: a list of literals lets the database go by its indexes.
    areas = db.session.scalars(partner_areas(by.organisation_id)).all()
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
    units = select(TeamMember.delivery_unit_code).where(
        TeamMember.person_id == by.person_id,
        TeamMember.organisation_id == by.organisation_id,
        TeamMember.confirmed_at.is_not(None),
    )
    teams = (Referral.organisation_id == by.organisation_id) & Referral.delivery_unit_code.in_(
        units
    )
    named = exists().where(
        NamedPerson.referral_id == Referral.id, NamedPerson.person_id == by.person_id
    )
    same = Referral.organisation_id == by.organisation_id
    return or_(own, teams & Referral.is_restricted.is_(False), same & named)


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
