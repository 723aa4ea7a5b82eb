"""The rows of a crowd of cases, written with COPY."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import psycopg

from marketplace import clock
from marketplace.database import db, tables
from marketplace.keyring import keyring
from referrals.codes import DeclineReason, EndReason, ReferralState
from referrals.delivery.models import Attendance, CaseSession, Concern, ConcernKind, Method
from referrals.drafts.queries import crn_hash
from referrals.lists import indexing
from referrals.lists.folding import prefixes
from referrals.lists.models import SearchKey
from referrals.models import Caseworker, ClockKind, Referral, ReferralClock

TEAM = "east-kent"
SESSIONS_EACH = 10
# Of a hundred cases so many stand in each state.
STATES = {
    ReferralState.WAITING: 3,
    ReferralState.SENT: 3,
    ReferralState.QUERY: 1,
    ReferralState.ACCEPTED: 4,
    ReferralState.ACTIVE: 12,
    ReferralState.CONCLUDING: 2,
    ReferralState.COMPLETED: 50,
    ReferralState.ENDED_EARLY: 12,
    ReferralState.DECLINED: 5,
    ReferralState.WITHDRAWN: 8,
}
ENDED = list(STATES)[6:]
WITH_WORK = (
    ReferralState.ACTIVE,
    ReferralState.CONCLUDING,
    ReferralState.COMPLETED,
    ReferralState.ENDED_EARLY,
)
_FIRST = """Aaliyah Aaron Adam Alan Amelia Amy Andrew Angharad Anthony Ashley Bethan Brian
Callum Cerys Charlotte Chloe Christopher Ciarán Connor Craig Daniel David Dean Declan Dylan
Elizabeth Emma Ethan Fatima Gareth George Grace Hannah Harry Ibrahim Isla Jack Jacob James Jamie
Jason Jessica John Jordan Joseph Joshua Karen Kieran Kyle Lauren Leanne Lee Lewis Liam Luke Marcus
Mark Martin Mary Matthew Megan Michael Mohammed Muhammad Natalie Nathan Nicola Noah Oliver Omar
Owen Patrick Paul Peter Rachel Rebecca Rhys Richard Robert Ryan Samuel Sarah Scott Sean Shannon
Siân Sophie Stephen Steven Stuart Thomas Tyler Victoria William Zoë"""
_LAST = """Adams Ahmed Akhtar Ali Allen Anderson Bailey Baker Begum Bell Bennett Brown Butler
Campbell Carter Chapman Clark Clarke Collins Cook Cooper Cox Davies Davis Dixon Edwards Ellis Evans
Foster Fox Gray Green Griffiths Hall Harris Harrison Hill Holmes Hughes Hunt Hussain Jackson James
Jenkins Johnson Jones Kaur Kelly Khan King Knight Lee Lewis Lloyd Marshall Martin Mason Matthews
Miller Mills Mitchell Moore Morgan Morris Murphy Murray O'Brien O'Connor O'Neill Owen Palmer Parker
Patel Phillips Powell Price Reid Richards Richardson Roberts Robinson Rogers Russell Scott Shah
Shaw Simpson Singh Smith Smith-Jones Stevens Stewart Taylor Thomas Thompson Turner Walker Ward
Watson Webb White Wilkinson Williams Wilson Wood Wright Young"""
FIRST_NAMES, LAST_NAMES = _FIRST.split(), _LAST.split()
REFERENCE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Stage:
    """What cases can be of: services as contract area, provider and contract; teams; people."""

    services: Sequence[tuple[UUID, UUID, UUID]]
    of_first: Sequence[tuple[UUID, UUID, UUID]]
    units: Sequence[str]
    practitioners: Sequence[UUID]
    caseworkers: Sequence[UUID]


@dataclass(frozen=True)
class Case:
    """What the rows of one case have in common."""

    id: UUID
    number: int
    state: ReferralState
    service: tuple[UUID, UUID, UUID]
    unit: str
    owner_id: UUID
    caseworker_id: UUID
    name: str
    crn: str
    sent_at: datetime
    complete_by: date
    next_due_on: date | None

    @property
    def has_ended(self) -> bool:
        """Whether it is over."""
        return self.state in ENDED

    @property
    def has_work(self) -> bool:
        """Whether there were sessions."""
        return self.state in WITH_WORK

    @property
    def is_assigned(self) -> bool:
        """Whether a caseworker was given it; one in ten of the accepted waits for one."""
        late = self.state == ReferralState.ACCEPTED and self.number % 10 == 0
        return (self.has_work or self.state == ReferralState.ACCEPTED) and not late


def write(
    number: int, share_of_first: float, share_of_team: float, stage: Stage, sent_id: UUID
) -> None:
    """Write so many cases with ten times as many sessions, and count them for the planner."""
    chance = random.Random(6)
    cases = [_case(each, (share_of_first, share_of_team), stage, chance) for each in range(number)]
    pattern = dict(
        tables()
        .exec_driver_sql("SELECT * FROM referral WHERE id = %(id)s", {"id": sent_id})
        .mappings()
        .one()
    )
    db.session.rollback()
    address = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        _copy(connection, Referral, (_referral(each, pattern) for each in cases))
        _copy(connection, ReferralClock, _each(cases, _clocks))
        _copy(connection, Caseworker, _each(cases, _caseworkers))
        _copy(connection, CaseSession, _sessions(cases, number * SESSIONS_EACH))
        _copy(connection, Concern, _each(cases, _concerns))
        _copy(connection, SearchKey, _each(cases, lambda case: _search_keys(case, pattern)))
    with psycopg.connect(address, autocommit=True) as connection:
        # What the server does by itself soon after rows have grown; here nobody waits for that.
        connection.execute("VACUUM ANALYZE")


def _each(
    cases: Iterable[Case], rows: Callable[[Case], Iterable[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    return (row for case in cases for row in rows(case))


def _copy(connection: psycopg.Connection, model: Any, rows: Iterator[dict[str, Any]]) -> None:
    filled = {
        column.name: column.default.arg
        for column in model.__table__.columns
        if column.default is not None and column.default.is_scalar
    }
    rows = (filled | row for row in rows)
    first = next(rows)
    names = list(first)
    columns = ", ".join(f'"{name}"' for name in names)
    statement = f"COPY {model.__tablename__} ({columns}) FROM STDIN"
    with connection.cursor().copy(statement) as copy:
        copy.write_row(list(first.values()))
        for row in rows:
            copy.write_row([row[name] for name in names])


def _case(number: int, shares: tuple[float, float], stage: Stage, chance: random.Random) -> Case:
    state = chance.choices(list(STATES), list(STATES.values()))[0]
    ended = state in ENDED
    days = chance.randint(100, 800) if ended else chance.randint(0, 150)
    sent_at = clock.now() - timedelta(days=days, seconds=chance.randint(0, 80_000))
    of_first, of_team = shares
    services = stage.of_first if chance.random() < of_first else stage.services
    resting = ended or state in (ReferralState.WAITING, ReferralState.QUERY)
    return Case(
        id=uuid4(),
        number=number,
        state=state,
        service=chance.choice(services),
        unit=TEAM if chance.random() < of_team else chance.choice(stage.units),
        owner_id=chance.choice(stage.practitioners),
        caseworker_id=chance.choice(stage.caseworkers),
        name=f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}",
        crn=f"{chance.choice('DEX')}{chance.randint(0, 999_999):06}",
        sent_at=sent_at,
        complete_by=sent_at.date() + timedelta(days=160),
        next_due_on=None if resting else clock.today() + timedelta(days=chance.randint(-2, 18)),
    )


def _referral(case: Case, pattern: dict[str, Any]) -> dict[str, Any]:
    placed = case.state != ReferralState.WAITING
    early = case.state in (ReferralState.ENDED_EARLY, ReferralState.WITHDRAWN)
    contract_area_id, provider_id, _contract_id = case.service
    return pattern | {
        "id": case.id,
        "reference": _reference(case.number),
        "send_key": str(case.id),
        "state": case.state.value,
        "contract_area_id": contract_area_id,
        "provider_id": provider_id,
        "author_id": case.owner_id,
        "owner_id": case.owner_id,
        "delivery_unit_code": case.unit,
        "is_restricted": case.number % 50 == 0,
        "needed_on": case.sent_at.date(),
        "next_due_on": case.next_due_on,
        "ends_soon_on": indexing.soon_from(case.complete_by),
        "is_indexed": True,
        "crn": keyring().encrypt("referral.crn", case.crn.encode()),
        "crn_hash": crn_hash(case.crn),
        "name": keyring().encrypt("referral.name", case.name.encode()),
        "sent_at": case.sent_at,
        "placed_at": case.sent_at if placed else None,
        "started_at": case.sent_at + timedelta(days=9) if case.has_work else None,
        "ended_at": case.sent_at + timedelta(days=90) if case.has_ended else None,
        "decline_reason": (
            DeclineReason.NO_STAFF.value if case.state == ReferralState.DECLINED else None
        ),
        "end_reason": EndReason.MOVED.value if early else None,
    }


def _reference(number: int) -> str:
    first, second = divmod(number // 10_000, len(REFERENCE_LETTERS))
    return f"{REFERENCE_LETTERS[first]}{REFERENCE_LETTERS[second]}{number % 10_000:04}AC"


def _clocks(case: Case) -> Iterator[dict[str, Any]]:
    if case.state == ReferralState.WAITING:
        return
    began = case.sent_at.date()
    for kind in (ClockKind.RESPONSE, ClockKind.CONTACT, ClockKind.ASSESSMENT):
        runs = kind == ClockKind.ASSESSMENT and not case.has_ended
        yield {
            "id": uuid4(),
            "referral_id": case.id,
            "kind": kind.value,
            "started_on": began,
            "due_on": (case.next_due_on if runs else None) or began + timedelta(days=10),
            "paused_on": began if runs and case.state == ReferralState.QUERY else None,
            "stopped_on": None if runs else began + timedelta(days=5),
        }


def _caseworkers(case: Case) -> Iterator[dict[str, Any]]:
    if case.is_assigned:
        yield {
            "id": uuid4(),
            "referral_id": case.id,
            "person_id": case.caseworker_id,
            "organisation_id": case.service[1],
            "since": case.sent_at,
            "until": None,
        }


def _sessions(cases: Sequence[Case], wanted: int) -> Iterator[dict[str, Any]]:
    at_work = [case for case in cases if case.has_work]
    feedback = keyring().encrypt("referral_session.feedback", b"Came, and took part well.")
    for number in range(wanted):
        case = at_work[number % len(at_work)]
        starts_at = case.sent_at + timedelta(days=7 * (number // len(at_work)))
        yield {
            "id": uuid4(),
            "referral_id": case.id,
            "starts_at": starts_at,
            "minutes": 60,
            "method": Method.PHONE.value,
            "arranged_by_id": case.caseworker_id,
            "arranged_at": case.sent_at,
            "attendance": Attendance.ATTENDED.value,
            "feedback": feedback,
            "recorded_by_id": case.caseworker_id,
            "recorded_at": starts_at,
        }


def _concerns(case: Case) -> Iterator[dict[str, Any]]:
    if case.has_work and case.number % 20 == 0:
        yield {
            "id": uuid4(),
            "referral_id": case.id,
            "kind": ConcernKind.CONCERN.value,
            "text": keyring().encrypt("referral_concern.text", b"Was not at home."),
            "by_id": case.caseworker_id,
            "at": case.sent_at,
            "read_at": case.sent_at if case.has_ended else None,
            "read_by_id": case.owner_id if case.has_ended else None,
        }


def _search_keys(case: Case, pattern: dict[str, Any]) -> Iterator[dict[str, Any]]:
    scopes = (
        indexing.team_scope(pattern["organisation_id"], case.unit),
        indexing.contract_scope(case.service[2]),
    )
    found = {_key(scope, term) for term in prefixes(case.name, case.crn) for scope in scopes}
    for key in found:
        yield {"key": key, "referral_id": case.id}


@lru_cache(maxsize=500_000)
def _key(scope: str, term: str) -> int:
    return next(iter(indexing.keys(scope, [term])))
