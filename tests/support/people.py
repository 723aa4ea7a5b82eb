"""People and organisations for tests, and signing them in.

What the factories return is let go of by the database session, so that it keeps what it holds
whatever happens next.
"""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import uuid4

import pyotp
from argon2 import PasswordHasher
from sqlalchemy import select

from marketplace import clock
from marketplace.accounts import sessions
from marketplace.accounts.models import Membership, Person, SignInSession
from marketplace.accounts.second_factor import STEP_SECONDS
from marketplace.accounts.tokens import email_hash
from marketplace.acting import ROLES_OF_KIND, Acting, OrganisationKind, Role
from marketplace.database import db, new_id, write, writing
from marketplace.organisations.models import Organisation

PASSWORD = "seven green umbrellas"
# Tests need no hash that is slow to guess.
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def written() -> Any:
    """A transaction of its own, or the one that is open already."""
    return nullcontext() if writing() else write()


@cache
def _password_hash() -> str:
    return CHEAP_HASHER.hash(PASSWORD)


def make_organisation(
    kind: OrganisationKind = OrganisationKind.PROVIDER, **facts: Any
) -> Organisation:
    """An organisation of a kind; any of its columns may be given."""
    given = {"name": f"{kind.value} {uuid4().hex[:8]}", "created_at": clock.technical_now()}
    if kind is OrganisationKind.REGION:
        given["region_code"] = "A"
    organisation = Organisation(id=new_id(), kind=kind, **(given | facts))
    with written():
        db.session.add(organisation)
        db.session.flush()
        db.session.expunge(organisation)
    return organisation


def make_person(
    role: Role | list[Role], organisation: Organisation | None = None, **facts: Any
) -> Person:
    """A person with these roles for the organisation; without one, for a new one that fits.

    The password is `PASSWORD`; `totp_code(person)` gives the authenticator's present code.
    """
    roles = role if isinstance(role, list) else [role]
    if organisation is None:
        kind = next(kind for kind, held in ROLES_OF_KIND.items() if roles[0] in held)
        organisation = make_organisation(kind)
    email = facts.pop("email", f"person-{uuid4().hex[:10]}@example.org")
    given = {
        "name": f"Sam {roles[0].value.replace('_', ' ').title()}",
        "password_hash": _password_hash(),
        "totp_secret": pyotp.random_base32(),
        "created_at": clock.technical_now(),
    }
    person = Person(id=new_id(), email=email, email_hash=email_hash(email), **(given | facts))
    with written():
        db.session.add(person)
        db.session.flush()
        for each in roles:
            _add_role(person, organisation, each)
        db.session.expunge(person)
    return person


def give_role(person: Person, organisation: Organisation, role: Role) -> None:
    """A further role for a person, in this or another organisation."""
    with written():
        _add_role(person, organisation, role)


def _add_role(person: Person, organisation: Organisation, role: Role) -> None:
    db.session.add(
        Membership(id=new_id(), person_id=person.id, organisation_id=organisation.id, role=role)
    )
    db.session.flush()


def acting_as(person: Person, organisation: Organisation | None = None) -> Acting:
    """The person as actions are given it, with a fresh second factor."""
    organisation_id = organisation.id if organisation else _first_organisation(person)
    acted_for = db.session.get_one(Organisation, organisation_id)
    roles = db.session.scalars(
        select(Membership.role).where(
            Membership.person_id == person.id, Membership.organisation_id == organisation_id
        )
    )
    return Acting(
        person_id=person.id,
        name=person.name,
        organisation_id=acted_for.id,
        organisation_name=acted_for.name,
        organisation_kind=acted_for.kind,
        region_code=acted_for.region_code,
        roles=frozenset(roles),
        second_factor_at=clock.technical_now(),
    )


def _first_organisation(person: Person) -> Any:
    return db.session.scalars(
        select(Membership.organisation_id).where(Membership.person_id == person.id)
    ).first()


def sign_in(
    client: Any,
    person: Person,
    organisation: Organisation | None = None,
    second_factor: bool = True,
) -> SignInSession:
    """Sign the client in as this person, without the screens; returns the session's row."""
    organisation_id = organisation.id if organisation else _first_organisation(person)
    with written():
        token = sessions.begin(person, organisation_id, second_factor=second_factor, how="test")
        hashed = sessions.token_hash(token)
        row = db.session.scalars(
            select(SignInSession).where(SignInSession.token_hash == hashed)
        ).one()
        db.session.expunge(row)
    with client.session_transaction() as cookie:
        cookie.clear()
        cookie["_user_id"] = token
    return row


def browser_of(app: Any, person: Person, organisation: Organisation | None = None) -> Any:
    """A browser of this person's own, without a screen, signed in."""
    client = app.test_client()
    sign_in(client, person, organisation)
    return client


def totp_code(person: Person, steps: int = 0) -> str:
    """What the person's authenticator shows now, or that many steps of 30 seconds later."""
    at = clock.technical_now() + timedelta(seconds=STEP_SECONDS * steps)
    return pyotp.TOTP(person.totp_secret or "").at(at)


def manager_of(organisation: Organisation | None = None) -> Acting:
    """A bid manager of this organisation, or of a new one."""
    organisation = organisation or make_organisation()
    return acting_as(make_person(Role.BID_MANAGER, organisation), organisation)
