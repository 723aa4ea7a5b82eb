"""Sessions: a row for each signed-in browser, read at the start of every request.

All in technical time, so that a moved business clock signs nobody out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask, flash, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import bindparam, select, update

from marketplace import audit, clock
from marketplace.accounts.models import (
    SESSION_ENDS,
    Membership,
    Person,
    PersonState,
    SessionEnd,
    SignInSession,
)
from marketplace.accounts.tokens import new_token, token_hash
from marketplace.acting import SEES_PEOPLE, Acting, Role
from marketplace.database import db, new_id, observe, tables
from marketplace.organisations.models import Organisation
from marketplace.web.protection import find_acting_with

IDLE_LIMIT = timedelta(minutes=30)
IDLE_LIMIT_SEEING_PEOPLE = timedelta(minutes=15)
LONGEST = timedelta(hours=10)
SEEN_AT_MOST_EVERY = timedelta(minutes=1)
KEPT_ACROSS_SIGN_IN = ("language",)


class SignedIn(UserMixin):
    """What the cookie's carrier holds: the session's token, and whom it was found to stand for."""

    def __init__(self, token: str, by: Acting | None = None, end: SessionEnd | None = None):
        self.token = token
        self.by = by
        self.end = end

    def get_id(self) -> str:
        return self.token


def idle_limit(roles: Iterable[Role]) -> timedelta:
    """15 minutes for those who can see people, 30 for others (issue of the ground floor)."""
    return IDLE_LIMIT_SEEING_PEOPLE if SEES_PEOPLE.intersection(roles) else IDLE_LIMIT


_session = SignInSession.__table__.c
_person = Person.__table__.c
_organisation = Organisation.__table__.c
_membership = Membership.__table__.c
# Built once: it is read at the start of every request, and reads business time on the way.
_SESSION = (
    select(
        _session.id,
        _session.person_id,
        _session.organisation_id,
        _session.created_at,
        _session.last_seen_at,
        _session.second_factor_at,
        _session.end_reason,
        _person.name,
        _person.state,
        _organisation.name.label("organisation_name"),
        _organisation.kind,
        _organisation.region_code,
        _membership.role,
        *clock.READING,
    )
    .join_from(SignInSession.__table__, Person.__table__, _person.id == _session.person_id)
    .join(Organisation.__table__, _organisation.id == _session.organisation_id)
    .outerjoin(
        Membership.__table__,
        (_membership.person_id == _session.person_id)
        & (_membership.organisation_id == _session.organisation_id),
    )
    .where(_session.token_hash == bindparam("token_hash"))
)


def _load(token: str) -> SignedIn | None:
    """One statement: session, person, organisation and roles, and what time it is."""
    rows = tables().execute(_SESSION, {"token_hash": token_hash(token)}).all()
    if not rows:
        return None
    now, row = clock.technical_now(), rows[0]
    clock.noted(row)
    roles = frozenset(each.role for each in rows if each.role is not None)
    end = _end_of(row, roles, now)
    if end is not None:
        return SignedIn(token, end=end)
    if now - row.last_seen_at >= SEEN_AT_MOST_EVERY:
        _note_seen(row.id, now)
    return SignedIn(token, _acting(row, roles))


def _end_of(row: Any, roles: frozenset[Role], now: datetime) -> SessionEnd | None:
    if row.end_reason is not None:
        return row.end_reason
    if row.state != PersonState.ACTIVE:
        return SessionEnd.ACCOUNT_CHANGED
    if not roles:
        return SessionEnd.ROLES_CHANGED
    if now - row.created_at >= LONGEST:
        return SessionEnd.TOO_OLD
    return SessionEnd.IDLE if now - row.last_seen_at >= idle_limit(roles) else None


def _acting(row: Any, roles: frozenset[Role]) -> Acting:
    return Acting(
        person_id=row.person_id,
        name=row.name,
        organisation_id=row.organisation_id,
        organisation_name=row.organisation_name,
        organisation_kind=row.kind,
        region_code=row.region_code,
        roles=roles,
        session_id=row.id,
        second_factor_at=row.second_factor_at,
    )


def _note_seen(session_id: UUID, now: datetime) -> None:
    with observe() as observing:
        observing.execute(
            update(SignInSession)
            .where(SignInSession.id == session_id, SignInSession.last_seen_at < now)
            .values(last_seen_at=now)
        )


def find_acting() -> Acting | None:
    """Who is signed in here; a session that has ended is let go of, and the reader told why."""
    if "_user_id" not in session:
        return None
    if not current_user.is_authenticated:
        _forget_cookie()
        return None
    if current_user.end is not None:
        reason = current_user.end
        _forget_cookie()
        flash(str(SESSION_ENDS[reason]))
        return None
    return current_user.by


def _forget_cookie() -> None:
    logout_user()
    kept = {name: session[name] for name in KEPT_ACROSS_SIGN_IN if name in session}
    session.clear()
    session.update(kept)


def carry(token: str) -> None:
    """Give the browser its new session, and with it a fresh token against forged forms."""
    _forget_cookie()
    login_user(SignedIn(token))


def let_go() -> None:
    """Take the session from the browser."""
    _forget_cookie()


def begin(person: Person, organisation_id: UUID, *, second_factor: bool, how: str) -> str:
    """Write a session's row; returns its token for `carry` after the commit."""
    now, token = clock.technical_now(), new_token()
    row = SignInSession(
        id=new_id(),
        token_hash=token_hash(token),
        person_id=person.id,
        organisation_id=organisation_id,
        created_at=now,
        last_seen_at=now,
        second_factor_at=now if second_factor else None,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("session:begun", subject=row, by=None, facts={"person": person.id, "how": how})
    return token


def end_one(session_id: UUID, by: Acting, reason: SessionEnd) -> None:
    """End one session of the acting person; one that has already ended stays as it is."""
    row = db.session.get(SignInSession, session_id, with_for_update=True)
    if row is None or row.person_id != by.person_id or row.ended_at is not None:
        return
    row.ended_at, row.end_reason = clock.technical_now(), reason
    audit.record("session:ended", subject=row, by=by, facts={"reason": reason})


def end_all(
    person: Person, by: Acting | None, reason: SessionEnd, keep: UUID | None = None
) -> None:
    """End every session of a person at once, but the one to `keep`."""
    ending = update(SignInSession).where(
        SignInSession.person_id == person.id, SignInSession.ended_at.is_(None)
    )
    if keep is not None:
        ending = ending.where(SignInSession.id != keep)
    db.session.flush()
    db.session.execute(
        ending.values(ended_at=clock.technical_now(), end_reason=reason).execution_options(
            synchronize_session=False
        )
    )
    audit.record("person:sessions_ended", subject=person, by=by, facts={"reason": reason})


def register(app: Flask) -> None:
    """Carry sessions in the signed cookie, and find with them who acts."""
    manager = LoginManager()
    manager.session_protection = "basic"
    manager.user_loader(_load)
    manager.init_app(app)
    find_acting_with(app, find_acting)
