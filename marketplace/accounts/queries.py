"""What the pages of accounts show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from marketplace import clock
from marketplace.accounts.models import (
    Invitation,
    Membership,
    Person,
    PersonState,
    RecoveryCode,
    SignInLink,
    SignInSession,
)
from marketplace.accounts.permissions import AccountPermission
from marketplace.accounts.sessions import LONGEST
from marketplace.accounts.tokens import email_hash, token_hash
from marketplace.acting import ROLES, Acting, Role
from marketplace.database import db, writing
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, allowed


def person_with(email: str) -> Person | None:
    """Whoever has this address, in whatever state the account is."""
    return db.session.scalars(
        select(Person).where(Person.email_hash == email_hash(email))
    ).one_or_none()


def person(person_id: UUID) -> Person:
    """The person of an id that is known to exist."""
    return db.session.get_one(Person, person_id)


def known_account(email: str) -> bool:
    """Whether there is an account whose holder has proven this address; closed ones too."""
    found = person_with(email)
    return found is not None and found.state != PersonState.UNCONFIRMED


@dataclass(frozen=True)
class Seat:
    """An organisation that a person may act for, and the roles held there."""

    organisation: Organisation
    roles: tuple[Role, ...]

    @property
    def role_names(self) -> str:
        return ", ".join(str(ROLES[role]) for role in self.roles)


def seats_of(person_id: UUID) -> list[Seat]:
    """The organisations a person may act for, by name."""
    rows = db.session.execute(
        select(Organisation, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.person_id == person_id)
        .order_by(Organisation.name, Organisation.id)
    ).all()
    held: dict[UUID, tuple[Organisation, list[Role]]] = {}
    for organisation, role in rows:
        held.setdefault(organisation.id, (organisation, []))[1].append(role)
    order = list(Role)
    return [
        Seat(organisation, tuple(sorted(roles, key=order.index)))
        for organisation, roles in held.values()
    ]


def open_sessions_of(person_id: UUID) -> Sequence[SignInSession]:
    """Sessions that were not ended, newest first; they may still end by lying idle."""
    return db.session.scalars(
        select(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.created_at > clock.technical_now() - LONGEST,
        )
        .order_by(SignInSession.last_seen_at.desc())
    ).all()


def recovery_codes_left(person_id: UUID) -> int:
    """How many recovery codes are still good."""
    unused = select(func.count()).where(
        RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(unused) or 0


def organisation_managed_by(by: Acting, organisation_id: UUID) -> Organisation:
    """The organisation, where this person manages its people. Raises NotYours."""
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or not allowed(by, AccountPermission.MANAGE_PEOPLE, organisation):
        raise NotYours(organisation_id)
    return organisation


@dataclass(frozen=True)
class Colleague:
    """A person of an organisation and the roles held there."""

    person: Person
    memberships: tuple[Membership, ...]

    @property
    def roles(self) -> set[Role]:
        return {membership.role for membership in self.memberships}


def people_of(organisation_id: UUID) -> list[Colleague]:
    """The people of an organisation by name; in one statement."""
    rows = db.session.execute(
        select(Person, Membership)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
    ).all()
    held: dict[UUID, tuple[Person, list[Membership]]] = {}
    for each, membership in rows:
        held.setdefault(each.id, (each, []))[1].append(membership)
    order = list(Role)
    colleagues = [
        Colleague(each, tuple(sorted(roles, key=lambda held: order.index(held.role))))
        for each, roles in held.values()
    ]
    return sorted(colleagues, key=lambda colleague: colleague.person.name.casefold())


def people_with(organisation_id: UUID, roles: Iterable[Role]) -> list[Person]:
    """Those who hold one of these roles there and can sign in, by id; each once."""
    return people_in([organisation_id], roles)


def people_in(organisation_ids: Iterable[UUID], roles: Iterable[Role]) -> list[Person]:
    """The same of several organisations, in one statement."""
    held = select(Membership.person_id).where(
        Membership.organisation_id.in_(organisation_ids), Membership.role.in_(roles)
    )
    found = select(Person).where(Person.id.in_(held), Person.state == PersonState.ACTIVE)
    return list(db.session.scalars(found.order_by(Person.id)))


def names_of_people(person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of these people, in one statement."""
    wanted = {each for each in person_ids if each is not None}
    if not wanted:
        return {}
    found = select(Person.id, Person.name).where(Person.id.in_(wanted))
    return {row.id: row.name for row in db.session.execute(found)}


def colleague(organisation_id: UUID, person_id: UUID) -> Colleague:
    """One person of an organisation. Raises NotYours where no role is held there."""
    for each in people_of(organisation_id):
        if each.person.id == person_id:
            return each
    raise NotYours(person_id)


def open_invitations_of(organisation_id: UUID) -> Sequence[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > clock.technical_now(),
        )
        .order_by(Invitation.created_at.desc())
    ).all()


def has_open_invitation(organisation_id: UUID, role: Role, email: str) -> bool:
    """Whether this address has an invitation to this role that can still be accepted."""
    return any(
        each.role == role and each.email_hash == email_hash(email)
        for each in open_invitations_of(organisation_id)
    )


def open_invitation(token: str) -> Invitation | None:
    """The invitation of a mailed token; None where it was used, withdrawn or has run out."""
    invitation = _of_token(Invitation, token)
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at:
        return None
    return invitation if invitation.expires_at > clock.technical_now() else None


def open_link(token: str, *, for_password: bool = False) -> SignInLink | None:
    """The link of a mailed token; None where it was used, has run out, or is for something else."""
    link = _of_token(SignInLink, token)
    if link is None or link.used_at or link.person_id is None:
        return None
    if link.for_password != for_password:
        return None
    return link if link.expires_at > clock.technical_now() else None


def _of_token(model: Any, token: str) -> Any:
    found = select(model).where(model.token_hash == token_hash(token))
    # Inside a write the row is locked, so that two clicks cannot both use it.
    return db.session.scalars(found.with_for_update() if writing() else found).one_or_none()


def invitation_wanted(invitation_id: UUID | None) -> bool:
    """Whether the mail of an invitation should still be sent."""
    invitation = db.session.get(Invitation, invitation_id)
    return invitation is not None and not (invitation.accepted_at or invitation.withdrawn_at)


@dataclass(frozen=True)
class DemonstrationAccount:
    """One role of one invented person, for one-click sign-in."""

    person_id: UUID
    organisation_id: UUID
    name: str
    role: Role
    organisation_name: str


def demonstration_accounts() -> dict[Role, list[DemonstrationAccount]]:
    """Every invented person with an account, by role."""
    rows = db.session.execute(
        select(Person, Membership.role, Organisation.id, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Person.is_demonstration, Person.state == PersonState.ACTIVE)
        .order_by(Organisation.name)
    ).all()
    accounts: dict[Role, list[DemonstrationAccount]] = {}
    for role in Role:
        of_role = [
            DemonstrationAccount(each.id, organisation_id, each.name, held, name)
            for each, held, organisation_id, name in rows
            if held == role
        ]
        if of_role:
            accounts[role] = of_role
    return accounts
