"""The lines of a list of cases: decrypted for the page that shows them, and for no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import calendar, clock
from marketplace.accounts.models import Person
from marketplace.accounts.queries import names_of_people
from marketplace.database import db
from referrals import clocks
from referrals.codes import HasAddress, ReferralState, Whereabouts
from referrals.models import Caseworker, Referral, ReferralClock
from referrals.services.directory import directory_now, listings_of
from referrals.waiting import date_has_passed

FRIDAY = 4

COLUMNS = select(
    Referral.id,
    Referral.reference,
    Referral.name,
    Referral.crn,
    Referral.state,
    Referral.contract_area_id,
    Referral.sent_at,
    Referral.ended_at,
    Referral.complete_by,
    Referral.whereabouts,
    Referral.release_on,
    Referral.has_address,
    Referral.is_restricted,
    Referral.owner_id,
)


@dataclass(frozen=True)
class CaseRow:
    """A line of a list of cases; `release_on` only where the person is in prison."""

    id: UUID
    reference: str
    name: str
    crn: str
    state: ReferralState
    service: str
    sent_at: datetime
    ended_at: datetime | None
    complete_by: date
    release_on: date | None
    has_no_address: bool
    is_restricted: bool
    clock: ReferralClock | None
    is_overdue: bool
    practitioner: str
    caseworkers: Sequence[str]

    @property
    def release_warning(self) -> str | None:
        """What makes the day of release a hard one: nobody to turn to until after it."""
        if self.release_on is None or self.ended_at is not None or self.release_on < clock.today():
            return None
        if self.release_on.weekday() == FRIDAY:
            return _("Friday release")
        next_day = self.release_on + timedelta(days=1)
        if not calendar.is_working_day(next_day, calendar.ENGLAND_AND_WALES):
            return _("Release before a day off")
        return None


def case_rows(rows: Sequence[Any]) -> list[CaseRow]:
    """The lines of these rows of `COLUMNS`; the same number of statements however many."""
    today = clock.today()
    ids = [row.id for row in rows]
    due = clocks.next_due(ids)
    services = listings_of([row.contract_area_id for row in rows], directory_now())
    owners = names_of_people(row.owner_id for row in rows)
    workers = caseworkers_of(ids)
    return [
        CaseRow(
            id=row.id,
            reference=row.reference,
            name=row.name,
            crn=row.crn,
            state=row.state,
            service=services[row.contract_area_id],
            sent_at=row.sent_at,
            ended_at=row.ended_at,
            complete_by=date.fromisoformat(row.complete_by),
            release_on=_release_on(row),
            has_no_address=row.has_address == HasAddress.NO and row.ended_at is None,
            is_restricted=row.is_restricted,
            clock=due.get(row.id),
            is_overdue=_is_overdue(row, due.get(row.id), today),
            practitioner=owners.get(row.owner_id, ""),
            caseworkers=workers.get(row.id, []),
        )
        for row in rows
    ]


def _release_on(row: Any) -> date | None:
    in_prison = row.whereabouts == Whereabouts.CUSTODY and row.release_on
    return date.fromisoformat(row.release_on) if in_prison else None


def caseworkers_of(ids: list[UUID]) -> dict[UUID, list[str]]:
    """For each case the names of those who work on it."""
    rows = db.session.execute(
        select(Caseworker.referral_id, Person.name)
        .join(Person, Person.id == Caseworker.person_id)
        .where(Caseworker.referral_id.in_(ids), Caseworker.until.is_(None))
        .order_by(Caseworker.since, Caseworker.id)
    )
    found: dict[UUID, list[str]] = {}
    for referral_id, name in rows:
        found.setdefault(referral_id, []).append(name)
    return found


def _is_overdue(row: Any, running: ReferralClock | None, today: date) -> bool:
    """A clock has run out; or, while somebody waits, the date for which they were referred."""
    if row.state == ReferralState.WAITING:
        return date_has_passed(row.complete_by, today)
    return running is not None and clocks.is_overdue(running, today)
