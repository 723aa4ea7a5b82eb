"""People, what they may do for which organisation, and how they sign in.

Every moment here is technical time: a moved business clock signs nobody out.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.acting import Role
from marketplace.database import Encrypted, classified, db, db_enum, new_id
from marketplace.organisations.models import Organisation

HASH_BYTES = 32


class PersonState(StrEnum):
    """Whether an account may be used; one that registered itself waits for its mailed link."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    CLOSED = "closed"


PERSON_STATES = {
    PersonState.UNCONFIRMED: _l("Email address not confirmed"),
    PersonState.ACTIVE: _l("In use"),
    PersonState.CLOSED: _l("Closed"),
}


class Person(db.Model):
    """Somebody with an account. `totp_step` is the last time step used; none is used twice."""

    __tablename__ = "person"
    __privacy__ = classified(
        none="id password_hash totp_secret totp_step state is_demonstration created_at",
        personal="name email email_hash",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(Encrypted("person.name"))
    email: Mapped[str] = mapped_column(Encrypted("person.email"))
    email_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), unique=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    totp_secret: Mapped[str | None] = mapped_column(Encrypted("person.totp_secret"))
    totp_step: Mapped[int] = mapped_column(default=0)
    state: Mapped[PersonState] = mapped_column(db_enum(PersonState), default=PersonState.ACTIVE)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    memberships: Mapped[list[Membership]] = relationship(back_populates="person")


class Membership(db.Model):
    """One role that a person holds for one organisation."""

    __tablename__ = "membership"
    __privacy__ = classified(none="id person_id organisation_id role")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(db_enum(Role))

    person: Mapped[Person] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id", "role"),
        Index("ix_membership_organisation_role", "organisation_id", "role"),
    )


class RecoveryCode(db.Model):
    """One of ten codes that stand in for the authenticator once; only its hash is kept."""

    __tablename__ = "recovery_code"
    __privacy__ = classified(none="id person_id code_hash used_at")
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    used_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)


class SessionEnd(StrEnum):
    """Why a session ended."""

    SIGNED_OUT = "signed_out"
    ALL_ENDED = "all_ended"
    ROLES_CHANGED = "roles_changed"
    ACCOUNT_CHANGED = "account_changed"
    IDLE = "idle"
    TOO_OLD = "too_old"


SESSION_ENDS = {
    SessionEnd.SIGNED_OUT: _l("You have signed out."),
    SessionEnd.ALL_ENDED: _l("This session was ended from another one of yours. Sign in again."),
    SessionEnd.ROLES_CHANGED: _l("Your roles have changed. Sign in again to carry on."),
    SessionEnd.ACCOUNT_CHANGED: _l("Your account has changed. Sign in again to carry on."),
    SessionEnd.IDLE: _l("You were signed out because nothing happened for a while."),
    SessionEnd.TOO_OLD: _l("You were signed out because you signed in 10 hours ago."),
}


class SignInSession(db.Model):
    """A signed-in browser, and the organisation it acts for; the cookie's token is only hashed."""

    __tablename__ = "sign_in_session"
    __privacy__ = classified(
        none="id token_hash person_id organisation_id created_at last_seen_at second_factor_at "
        "ended_at end_reason",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[SessionEnd | None] = mapped_column(db_enum(SessionEnd))
    __table_args__ = (
        Index("ix_sign_in_session_person", "person_id", "ended_at"),
        CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name="ended_with_a_reason"),
    )


class Invitation(db.Model):
    """An invitation to hold a role for an organisation, waiting for its one use."""

    __tablename__ = "invitation"
    __privacy__ = classified(
        none="id token_hash organisation_id role invited_by_id created_at expires_at accepted_at "
        "withdrawn_at",
        personal="email email_hash",
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), unique=True)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[Role] = mapped_column(db_enum(Role))
    email: Mapped[str] = mapped_column(Encrypted("invitation.email"))
    email_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES))
    invited_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()

    __table_args__ = (Index("ix_invitation_organisation", "organisation_id", "created_at"),)


class SignInLink(db.Model):
    """A mailed link, good once: in place of the password, or for setting a new one.

    No person stands behind a link asked for with an unknown address; it opens nothing.
    """

    __tablename__ = "sign_in_link"
    __privacy__ = classified(
        none="id token_hash person_id for_password created_at expires_at used_at"
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), unique=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    for_password: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(db.Model):
    """How often something was tried for one account or from one address within one window."""

    __tablename__ = "throttle"
    __privacy__ = classified(none="kind key_hash window_start count")
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(HASH_BYTES), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
    __table_args__ = (Index("ix_throttle_window", "window_start"),)
