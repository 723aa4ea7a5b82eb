"""Signing in, proving the second factor, and looking after one's own account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from marketplace import audit, clock, outbox
from marketplace.accounts import second_factor, sessions
from marketplace.accounts.models import (
    Membership,
    Person,
    PersonState,
    RecoveryCode,
    SessionEnd,
    SignInLink,
    SignInSession,
)
from marketplace.accounts.passwords import password_matches
from marketplace.accounts.permissions import AccountPermission
from marketplace.accounts.queries import open_link, person_with, seats_of
from marketplace.accounts.throttles import (
    LINK_ACCOUNT,
    LINK_ADDRESS,
    SIGN_IN_ACCOUNT,
    SIGN_IN_ADDRESS,
    count_try,
)
from marketplace.accounts.tokens import new_token, normalised, token_hash
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check

LINK_MINUTES = 15


def holder_of_password(email: str, password: str, address: str) -> UUID | None:
    """Whose address and password these are; counts the try, and takes as long for nobody.

    Called before the write transaction opens. Raises TooManyTries.
    """
    count_try(SIGN_IN_ADDRESS, address)
    count_try(SIGN_IN_ACCOUNT, normalised(email))
    person = person_with(email)
    matches = password_matches(person.password_hash if person else None, password)
    usable = person is not None and person.state == PersonState.ACTIVE
    return person.id if matches and usable and person and seats_of(person.id) else None


def start_session(person_id: UUID, how: str) -> str:
    """Begin a session with the first factor only; returns its token for `sessions.carry`."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    _refuse_unusable(person)
    return sessions.begin(person, _last_seat(person), second_factor=False, how=how)


def _refuse_unusable(person: Person) -> None:
    if person.state != PersonState.ACTIVE or not seats_of(person.id):
        raise Refusal(_("This account is not in use. Ask the person who invited you."))


def _last_seat(person: Person) -> UUID:
    """The organisation acted for last, where a role is still held there; else the first."""
    latest = db.session.scalars(
        select(SignInSession.organisation_id)
        .join(
            Membership,
            (Membership.person_id == SignInSession.person_id)
            & (Membership.organisation_id == SignInSession.organisation_id),
        )
        .where(SignInSession.person_id == person.id)
        .order_by(SignInSession.created_at.desc())
        .limit(1)
    ).first()
    return latest or seats_of(person.id)[0].organisation.id


def count_link_request(email: str, address: str) -> None:
    """Count one request for a mailed link, before the write opens. Raises TooManyTries."""
    count_try(LINK_ADDRESS, address)
    count_try(LINK_ACCOUNT, normalised(email))


def request_link(email: str) -> None:
    """Mail a link; for any address the same rows and the same answer.

    A provider's person gets one that stands in for the password. Whoever also acts for another
    kind of organisation gets one for setting a new password, together with the second factor.
    """
    person = person_with(email)
    if person is None or person.state == PersonState.CLOSED or not seats_of(person.id):
        write_link(None)
        return
    kind = "link" if only_for_providers(person.id) else "new_password"
    outbox.post(
        f"marketplace/accounts/mail/{kind}.txt",
        to=person.email,
        subject_id=person.id,
        facts={"token": write_link(person), "minutes": LINK_MINUTES},
    )


def write_link(person: Person | None) -> str:
    """Write a one-time link's row; returns its token. For nobody, a row that opens nothing."""
    now, token = clock.technical_now(), new_token()
    link = SignInLink(
        id=new_id(),
        token_hash=token_hash(token),
        person_id=person.id if person else None,
        for_password=person is not None and not only_for_providers(person.id),
        created_at=now,
        expires_at=now + timedelta(minutes=LINK_MINUTES),
    )
    db.session.add(link)
    db.session.flush()
    audit.record("sign_in_link:requested", subject=link, by=None)
    return token


def only_for_providers(person_id: UUID) -> bool:
    """Whether a link may stand in for the password: every role is held for a provider."""
    seats = seats_of(person_id)
    return bool(seats) and all(
        seat.organisation.kind == OrganisationKind.PROVIDER for seat in seats
    )


def use_link(token: str, password_hash: str | None = None) -> str:
    """Use a mailed link once, in place of the password; returns the session's token.

    An account that registered itself is confirmed with the password (hashed before the write
    opened) that the reader of the mail chose: whoever registered it may be somebody else. Raises
    Refusal where the link was used or has run out, and where that password is missing.
    """
    link = open_link(token)
    if link is None or link.person_id is None or not only_for_providers(link.person_id):
        raise Refusal(_("This link has been used or has run out. Ask for a new one."))
    link.used_at = clock.technical_now()
    person = db.session.get_one(Person, link.person_id, with_for_update=True)
    if person.state == PersonState.UNCONFIRMED:
        if password_hash is None:
            raise Refusal(_("Open the link in the mail again and choose a password."))
        person.state, person.password_hash = PersonState.ACTIVE, password_hash
        audit.record("person:confirmed", subject=person, by=None, fields=["password_hash"])
    return start_session(person.id, "link")


def set_new_password(token: str, code: str, password_hash: str) -> bool:
    """Use a mailed link to set a password hashed before the write opened; ends all sessions.

    The second factor is asked for too, where one is set up: False where its code is not right.
    Raises Refusal where the link was used or has run out.
    """
    link = open_link(token, for_password=True)
    if link is None:
        raise Refusal(_("This link has been used or has run out. Ask for a new one."))
    person = db.session.get_one(Person, link.person_id, with_for_update=True)
    if person.totp_secret is not None and not _claim_step(person, code):
        return False
    link.used_at = clock.technical_now()
    person.password_hash = password_hash
    audit.record("person:password_changed", subject=person, by=None, fields=["password_hash"])
    sessions.end_all(person, None, SessionEnd.ACCOUNT_CHANGED)
    _tell_of_password(person)
    return True


def prove_totp(by: Acting, code: str) -> bool:
    """Whether the authenticator's code is right and unused; then the session is marked."""
    person = db.session.get_one(Person, by.person_id, with_for_update=True)
    return _claim_step(person, code) and _mark_proven(by, "totp")


def _claim_step(person: Person, code: str) -> bool:
    if person.totp_secret is None:
        return False
    step = second_factor.step_of(person.totp_secret, code, person.totp_step, clock.technical_now())
    if step is None:
        return False
    claimed = db.session.execute(
        update(Person)
        .where(Person.id == person.id, Person.totp_step < step)
        .values(totp_step=step)
        .returning(Person.id)
        .execution_options(synchronize_session=False)
    )
    return claimed.first() is not None


def prove_recovery_code(by: Acting, code: str) -> bool:
    """Whether the recovery code is right and unused; it is then used, and the session marked."""
    claimed = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == by.person_id,
            RecoveryCode.code_hash == second_factor.recovery_code_hash(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.technical_now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    return claimed.first() is not None and _mark_proven(by, "recovery code")


def _mark_proven(by: Acting, how: str) -> bool:
    row = db.session.get_one(SignInSession, by.session_id)
    row.second_factor_at = clock.technical_now()
    audit.record("session:second_factor", subject=row, by=by, facts={"how": how})
    return True


def enrol(by: Acting, secret: str, code: str) -> list[str] | None:
    """Keep a new authenticator once its code is right; returns the recovery codes, else None.

    The person's other sessions end: they were opened with the authenticator before.
    """
    person = db.session.get_one(Person, by.person_id, with_for_update=True)
    step = second_factor.step_of(secret, code, 0, clock.technical_now())
    if step is None:
        return None
    person.totp_secret, person.totp_step = secret, step
    audit.record("person:authenticator_set", subject=person, by=by, fields=["totp_secret"])
    sessions.end_all(person, by, SessionEnd.ACCOUNT_CHANGED, keep=by.session_id)
    _mark_proven(by, "enrolment")
    return _replace_recovery_codes(person, by)


def renew_recovery_codes(by: Acting) -> list[str]:
    """Ten new codes in place of the old; returned to be shown once."""
    check(by, AccountPermission.SECURE_OWN_ACCOUNT)
    return _replace_recovery_codes(db.session.get_one(Person, by.person_id), by)


def _replace_recovery_codes(person: Person, by: Acting) -> list[str]:
    codes = second_factor.new_recovery_codes()
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    db.session.add_all(
        RecoveryCode(
            id=new_id(), person_id=person.id, code_hash=second_factor.recovery_code_hash(code)
        )
        for code in codes
    )
    audit.record("person:recovery_codes_renewed", subject=person, by=by)
    return codes


def change_name(by: Acting, name: str) -> None:
    """Set one's own name; what was signed before keeps the name it was signed with."""
    check(by, AccountPermission.OWN_ACCOUNT)
    person = db.session.get_one(Person, by.person_id, with_for_update=True)
    if person.name == name:
        return
    person.name = name
    audit.record("person:changed", subject=person, by=by, fields=["name"])


def change_password(by: Acting, password_hash: str) -> None:
    """Set a new password, hashed before the write opened; the other sessions end."""
    check(by, AccountPermission.SECURE_OWN_ACCOUNT)
    person = db.session.get_one(Person, by.person_id, with_for_update=True)
    person.password_hash = password_hash
    audit.record("person:password_changed", subject=person, by=by, fields=["password_hash"])
    sessions.end_all(person, by, SessionEnd.ACCOUNT_CHANGED, keep=by.session_id)
    _tell_of_password(person)


def _tell_of_password(person: Person) -> None:
    outbox.post(
        "marketplace/accounts/mail/password_changed.txt", to=person.email, subject_id=person.id
    )


def switch(by: Acting, organisation_id: UUID) -> None:
    """Act for another organisation in this session. Raises NotYours where no role is held."""
    if organisation_id not in {seat.organisation.id for seat in seats_of(by.person_id)}:
        raise NotYours(organisation_id)
    row = db.session.get_one(SignInSession, by.session_id)
    row.organisation_id = organisation_id
    audit.record("session:switched", subject=row, by=by, facts={"to": organisation_id})


def sign_out(by: Acting) -> None:
    """End this session."""
    if by.session_id is not None:
        sessions.end_one(by.session_id, by, SessionEnd.SIGNED_OUT)


def end_sessions(by: Acting, session_ids: Iterable[UUID]) -> None:
    """End some of one's own sessions; others' are left alone."""
    for session_id in session_ids:
        sessions.end_one(session_id, by, SessionEnd.ALL_ENDED)


def demonstration_sign_in(person_id: UUID, organisation_id: UUID | None = None) -> str:
    """Sign an invented person in with both factors; returns the session's token.

    Raises NotYours outside demonstration mode and for anybody who is not invented.
    """
    person = db.session.get(Person, person_id)
    if not current_app.extensions["settings"].demonstration or person is None:
        raise NotYours(person_id)
    held = {seat.organisation.id for seat in seats_of(person.id)}
    if not person.is_demonstration or person.state != PersonState.ACTIVE or not held:
        raise NotYours(person_id)
    chosen = organisation_id if organisation_id in held else _last_seat(person)
    return sessions.begin(person, chosen, second_factor=True, how="demonstration")


def may_confirm_by_button(by: Acting) -> bool:
    """Whether a step-up is a plain button: in demonstration mode, for invented people."""
    if not current_app.extensions["settings"].demonstration:
        return False
    return db.session.get_one(Person, by.person_id).is_demonstration


def confirm_by_button(by: Acting) -> None:
    """The demonstration's step-up. Raises NotYours outside demonstration mode."""
    if not may_confirm_by_button(by):
        raise NotYours(by.person_id)
    _mark_proven(by, "demonstration")
