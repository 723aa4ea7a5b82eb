"""The ground's part of the demonstration world: its organisations and people.

Also how the floors above find them again: `organisation("harbour")`, `acting_for("harbour", role)`.
Everything is told by the product's own actions, at the moment at which it is said to have happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Select, select

from marketplace import audit, clock
from marketplace.accounts.memberships import add_person
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.accounts.queries import person_with
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.audit import AuditEvent
from marketplace.database import db, new_id, write
from marketplace.demonstration.cast import EVERYBODY, SECOND_SEATS, Cast
from marketplace.organisations.actions import add_organisation, change_profile
from marketplace.organisations.models import Organisation

KEEPER = next(each for each in EVERYBODY if each.kind == OrganisationKind.NATIONAL)
BUILT = "demonstration:built"
BEGAN = timedelta(days=420)
OFFICE_HOURS = time(10, 20)


def days_ago(days: int, at: time = OFFICE_HOURS) -> datetime:
    """A moment in the past, so many days before the business day that `now` belongs to."""
    return moment_of(clock.today() - timedelta(days=days), at)


def moment_of(day: date, at: time = OFFICE_HOURS) -> datetime:
    """A time of day in London, as aware UTC."""
    return datetime.combine(day, at, clock.LONDON).astimezone(UTC)


@contextmanager
def on_the_day(moment: datetime) -> Iterator[None]:
    """Tell what follows as having happened at `moment`, or now where that is still to come."""
    with clock.telling_the_past(min(moment, clock.judged_now())):
        yield


def organisation(key: str) -> Organisation:
    """One of the invented organisations by its key in the cast."""
    name = next(each.full_name for each in EVERYBODY if each.key == key)
    return db.session.scalars(
        select(Organisation).where(Organisation.name == name, Organisation.is_demonstration)
    ).one()


def key_of(organisation_id: UUID) -> str:
    """The key in the cast of one of the invented organisations."""
    name = db.session.get_one(Organisation, organisation_id).name
    return next(each.key for each in EVERYBODY if each.full_name == name)


def acting_for(key: str, role: Role, number: int = 0) -> Acting:
    """The person who holds this role there, as actions are given them; `number` of several."""
    cast = next(each for each in EVERYBODY if each.key == key)
    holders = [name for name, roles in cast.people if role in roles]
    person = person_with(address_of(cast, holders[number]))
    assert person is not None, f"{holders[number]} is missing: build the world's people first"
    organisation_acted_for = organisation(key)
    held = select(Membership.role).where(
        Membership.person_id == person.id,
        Membership.organisation_id == organisation_acted_for.id,
    )
    return Acting(
        person_id=person.id,
        name=person.name,
        organisation_id=organisation_acted_for.id,
        organisation_name=organisation_acted_for.name,
        organisation_kind=organisation_acted_for.kind,
        region_code=organisation_acted_for.region_code,
        roles=frozenset(db.session.scalars(held)),
        second_factor_at=clock.technical_now(),
    )


def address_of(cast: Cast, name: str) -> str:
    """The invented email address of somebody of the cast."""
    local = "".join(letter for letter in name.lower().replace(" ", ".") if letter not in "’'")
    return f"{local}@{cast.key}.example"


def is_built(part: str) -> bool:
    """Whether this part of the world was finished before; the record says so."""
    keeper = db.session.scalar(_named(KEEPER))
    if keeper is None:
        return False
    finished = select(AuditEvent.details).where(
        AuditEvent.subject_kind == Organisation.__tablename__,
        AuditEvent.subject_id == str(keeper),
        AuditEvent.action == BUILT,
    )
    return any(details["part"] == part for details in db.session.scalars(finished))


def note_built(part: str) -> None:
    """Put on record that a part of the world is finished."""
    with write():
        audit.record(BUILT, subject=organisation(KEEPER.key), by=None, facts={"part": part})


def build() -> None:
    """Build whoever is not there yet; each organisation with its people in one write."""
    for cast in EVERYBODY:
        with write():
            if db.session.scalar(_named(cast)) is None:
                with on_the_day(days_ago(BEGAN.days)):
                    _add(cast)
    for key, name, other, role in SECOND_SEATS:
        with write():
            _seat(key, name, other, role)


def _named(cast: Cast) -> Select:
    return select(Organisation.id).where(
        Organisation.name == cast.full_name, Organisation.is_demonstration
    )


def _add(cast: Cast) -> None:
    made = add_organisation(
        cast.kind, None, name=cast.full_name, is_demonstration=True, **cast.facts
    )
    for name, roles in cast.people:
        person = add_person(name, address_of(cast, name), None, PersonState.ACTIVE)
        person.is_demonstration = True
        _give_roles(person, made.id, roles)
    if cast.areas:
        manager = acting_for(cast.key, Role.BID_MANAGER)
        change_profile(made.id, _leads(cast), cast.areas, manager)


def _give_roles(person: Person, organisation_id: UUID, roles: tuple[Role, ...]) -> None:
    for role in roles:
        db.session.add(
            Membership(id=new_id(), person_id=person.id, organisation_id=organisation_id, role=role)
        )
    db.session.flush()


def _seat(key: str, name: str, other: str, role: Role) -> None:
    cast = next(each for each in EVERYBODY if each.key == key)
    person = person_with(address_of(cast, name))
    assert person is not None, f"{name} is missing: their organisation is built first"
    seated = select(Membership.id).where(
        Membership.person_id == person.id, Membership.organisation_id == organisation(other).id
    )
    if db.session.scalar(seated) is None:
        _give_roles(person, organisation(other).id, (role,))


def _leads(cast: Cast) -> dict[str, str]:
    return {"safeguarding_lead": cast.people[0][0], "data_protection_lead": cast.people[-1][0]}
