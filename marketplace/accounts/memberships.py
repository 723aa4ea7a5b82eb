"""Who holds which role for which organisation: invitations, roles, closing an account."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from marketplace import audit, clock, outbox
from marketplace.accounts import sessions
from marketplace.accounts.models import (
    Invitation,
    Membership,
    Person,
    PersonState,
    RecoveryCode,
    SessionEnd,
)
from marketplace.accounts.permissions import AccountPermission
from marketplace.accounts.queries import (
    has_open_invitation,
    open_invitation,
    organisation_managed_by,
    person_with,
)
from marketplace.accounts.tokens import email_hash, new_token, token_hash
from marketplace.acting import ROLES, ROLES_OF_KIND, Acting, Role
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, check

INVITATION_VALID_FOR = timedelta(days=7)


def invite(organisation: Organisation, role: Role, email: str, by: Acting | None) -> str:
    """Invite whoever reads this address to a role; returns the token that is mailed to it.

    `by` None is the command line, which may invite again. Raises Refusal where this kind of
    organisation has no such role, or the same invitation is still open.
    """
    _refuse_misfit(organisation, role)
    if by is not None:
        check(by, AccountPermission.MANAGE_PEOPLE, organisation)
        _refuse_a_second(organisation, role, email)
    now, token = clock.technical_now(), new_token()
    invitation = Invitation(
        id=new_id(),
        token_hash=token_hash(token),
        organisation_id=organisation.id,
        role=role,
        email=email,
        email_hash=email_hash(email),
        invited_by_id=by.person_id if by else None,
        created_at=now,
        expires_at=now + INVITATION_VALID_FOR,
    )
    db.session.add(invitation)
    db.session.flush()
    outbox.post(
        "marketplace/accounts/mail/invitation.txt",
        to=email,
        subject_id=invitation.id,
        facts={
            "token": token,
            "organisation": organisation.name,
            "role": str(ROLES[role]),
            "days": INVITATION_VALID_FOR.days,
        },
    )
    audit.record("invitation:sent", subject=invitation, by=by, facts={"role": role})
    return token


def _refuse_misfit(organisation: Organisation, role: Role) -> None:
    if role not in ROLES_OF_KIND[organisation.kind]:
        raise Refusal(
            _(
                "“%(role)s” is no role of this kind of organisation. Choose another.",
                role=ROLES[role],
            )
        )


def _refuse_a_second(organisation: Organisation, role: Role, email: str) -> None:
    # The lock lets one of two at the same moment see the other's.
    db.session.get_one(Organisation, organisation.id, with_for_update=True)
    if has_open_invitation(organisation.id, role, email):
        raise Refusal(
            _(
                "This address is already invited to be “%(role)s”, and the invitation is still "
                "open. Withdraw that one first if you want to send another.",
                role=ROLES[role],
            )
        )


def withdraw_invitation(invitation_id: UUID, by: Acting) -> Invitation:
    """Make an invitation unusable. Raises NotYours."""
    invitation = db.session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None:
        raise NotYours(invitation_id)
    organisation_managed_by(by, invitation.organisation_id)
    if invitation.accepted_at is None and invitation.withdrawn_at is None:
        invitation.withdrawn_at = clock.technical_now()
        audit.record("invitation:withdrawn", subject=invitation, by=by)
    return invitation


def accept_invitation(token: str, name: str, password_hash: str | None) -> Person:
    """Take up an invitation: a new account, or a further role for the one with that address.

    Name and password (hashed before the write opened) count for a new account, and for one that
    was registered with this address and never confirmed: nobody has proven yet whose that is.
    Raises Refusal where the invitation was used, withdrawn or has run out.
    """
    invitation = open_invitation(token)
    if invitation is None:
        raise Refusal(
            _(
                "This invitation has been used or has run out. "
                "Ask whoever invited you for a new one."
            )
        )
    invitation.accepted_at = clock.technical_now()
    person = person_with(invitation.email)
    if person is None:
        person = add_person(name, invitation.email, password_hash, PersonState.ACTIVE)
    db.session.refresh(person, with_for_update=True)
    if person.state == PersonState.CLOSED:
        raise Refusal(_("This account is closed. Ask the framework team to open it again."))
    if person.state == PersonState.UNCONFIRMED:
        _make_theirs(person, name, password_hash)
    audit.record("invitation:accepted", subject=invitation, by=None, facts={"person": person.id})
    _add_role(person, invitation.organisation_id, invitation.role, None)
    return person


def _make_theirs(person: Person, name: str, password_hash: str | None) -> None:
    """Let nothing stay of whoever registered this address before its holder was invited."""
    if password_hash is None:
        raise Refusal(_("Open the link in the mail again and choose a password."))
    person.name, person.password_hash = name, password_hash
    _forget_second_factor(person)
    person.state = PersonState.ACTIVE
    audit.record(
        "person:confirmed", subject=person, by=None, fields=["name", "password_hash", "totp_secret"]
    )
    sessions.end_all(person, None, SessionEnd.ACCOUNT_CHANGED)
    held = select(Membership).where(Membership.person_id == person.id)
    for membership in db.session.scalars(held).all():
        if not _has_others(membership):
            facts = {"role": membership.role}
            audit.record("membership:withdrawn", subject=membership, by=None, facts=facts)
            db.session.delete(membership)
    db.session.flush()


def _has_others(membership: Membership) -> bool:
    others = select(Membership.id).where(
        Membership.organisation_id == membership.organisation_id,
        Membership.person_id != membership.person_id,
    )
    return db.session.scalars(others.limit(1)).first() is not None


def _forget_second_factor(person: Person) -> None:
    person.totp_secret = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))


def add_person(name: str, email: str, password_hash: str | None, state: PersonState) -> Person:
    """A new account without any role yet."""
    person = Person(
        id=new_id(),
        name=name,
        email=email,
        email_hash=email_hash(email),
        password_hash=password_hash,
        state=state,
        created_at=clock.technical_now(),
    )
    db.session.add(person)
    db.session.flush()
    audit.record("person:created", subject=person, by=None)
    return person


def grant_role(person_id: UUID, organisation_id: UUID, role: Role, by: Acting) -> None:
    """Give somebody of the organisation a further role there; that person's sessions end.

    Raises NotYours, and Refusal for a role that does not fit or for oneself.
    """
    organisation = organisation_managed_by(by, organisation_id)
    if person_id == by.person_id:
        raise Refusal(_("You cannot give yourself a role. Ask somebody else who manages people."))
    _refuse_misfit(organisation, role)
    held = db.session.scalars(
        select(Membership.id).where(
            Membership.person_id == person_id, Membership.organisation_id == organisation_id
        )
    ).first()
    if held is None:
        raise NotYours(person_id)
    _add_role(db.session.get_one(Person, person_id), organisation_id, role, by)


def _add_role(person: Person, organisation_id: UUID, role: Role, by: Acting | None) -> None:
    here = (Membership.person_id == person.id, Membership.organisation_id == organisation_id)
    if db.session.scalars(select(Membership.id).where(*here, Membership.role == role)).first():
        return
    membership = Membership(
        id=new_id(), person_id=person.id, organisation_id=organisation_id, role=role
    )
    db.session.add(membership)
    db.session.flush()
    audit.record("membership:granted", subject=membership, by=by, facts={"role": role})
    sessions.end_all(person, by, SessionEnd.ROLES_CHANGED)


def withdraw_role(membership_id: UUID, by: Acting) -> Membership:
    """Take a role away; that person's sessions end at once. Raises NotYours or Refusal."""
    membership = db.session.get(Membership, membership_id, with_for_update=True)
    if membership is None:
        raise NotYours(membership_id)
    organisation_managed_by(by, membership.organisation_id)
    if membership.person_id == by.person_id:
        raise Refusal(
            _("You cannot take away your own role. Ask somebody else who manages people.")
        )
    audit.record("membership:withdrawn", subject=membership, by=by, facts={"role": membership.role})
    sessions.end_all(db.session.get_one(Person, membership.person_id), by, SessionEnd.ROLES_CHANGED)
    db.session.delete(membership)
    return membership


def close_account(person_id: UUID, by: Acting) -> None:
    """Close an account and end its sessions at once. Raises NotYours or Refusal."""
    person = _for_administration(person_id, by)
    if person.id == by.person_id:
        raise Refusal(_("You cannot close your own account. Ask another administrator."))
    if person.state == PersonState.UNCONFIRMED:
        person.password_hash = None  # opened again, it opens only to whoever reads its mail
    person.state = PersonState.CLOSED
    audit.record("person:closed", subject=person, by=by)
    sessions.end_all(person, by, SessionEnd.ACCOUNT_CHANGED)


def reopen_account(person_id: UUID, by: Acting) -> None:
    """Let a closed account be used again; any other stays as it is. Raises NotYours."""
    person = _for_administration(person_id, by)
    if person.state == PersonState.CLOSED:
        person.state = PersonState.ACTIVE
        audit.record("person:reopened", subject=person, by=by)


def reset_second_factor(person_id: UUID, by: Acting) -> None:
    """Forget a lost authenticator and its codes; the next sign-in sets up a new one.

    Raises NotYours.
    """
    person = _for_administration(person_id, by)
    _forget_second_factor(person)
    audit.record("person:authenticator_reset", subject=person, by=by, fields=["totp_secret"])
    sessions.end_all(person, by, SessionEnd.ACCOUNT_CHANGED)


def _for_administration(person_id: UUID, by: Acting) -> Person:
    check(by, AccountPermission.CLOSE_ACCOUNT)
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotYours(person_id)
    return person
