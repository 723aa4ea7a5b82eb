"""Reading sent referrals: lists, one case, exact look-up. What may be seen is in every query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db
from referrals import clocks
from referrals.codes import ENDED, IN_DELIVERY, OPEN, TO_ANSWER, ReferralState
from referrals.drafts.queries import crn_hash
from referrals.models import Caseworker, Referral, ReferralClock
from referrals.permissions import PROVIDERS, belongs_to, visible_to
from referrals.services.directory import Directory, listings_of
from referrals.waiting import date_has_passed

SIZE = 25
MOST_PAGES = 400


class Tab(StrEnum):
    """The lists of cases."""

    OPEN = "open"
    WAITING = "waiting"
    QUESTIONS = "questions"
    NEW = "new"
    ACTIVE = "active"
    OVERDUE = "overdue"
    ENDED = "ended"


TABS = {
    Tab.OPEN: _l("Open"),
    Tab.WAITING: _l("On a waiting list"),
    Tab.QUESTIONS: _l("Questions to answer"),
    Tab.NEW: _l("New"),
    Tab.ACTIVE: _l("Active"),
    Tab.OVERDUE: _l("Overdue"),
    Tab.ENDED: _l("Ended"),
}
PRACTITIONER_TABS = (Tab.OPEN, Tab.QUESTIONS, Tab.WAITING, Tab.OVERDUE, Tab.ENDED)
PROVIDER_TABS = (Tab.NEW, Tab.ACTIVE, Tab.OVERDUE, Tab.ENDED)
STATES = {
    Tab.OPEN: OPEN,
    Tab.WAITING: (ReferralState.WAITING,),
    Tab.QUESTIONS: (ReferralState.QUERY,),
    Tab.NEW: TO_ANSWER,
    Tab.ACTIVE: IN_DELIVERY,
    Tab.ENDED: ENDED,
}


@dataclass(frozen=True)
class CaseRow:
    """A line of a list of cases."""

    id: UUID
    reference: str
    name: str
    crn: str
    state: ReferralState
    service: str
    sent_at: datetime
    clock: ReferralClock | None
    is_overdue: bool


@dataclass(frozen=True)
class Cases:
    """One page of a list; `more` says whether another follows."""

    rows: Sequence[CaseRow]
    number: int
    more: bool


def cases(by: Acting, tab: Tab, number: int, *, own_only: bool = False) -> Cases:
    """One page of the cases this person may see, newest first; a constant number of statements."""
    number = min(max(number, 1), MOST_PAGES)
    wanted = [visible_to(by), _in_tab(tab)]
    if own_only:
        wanted.append(_own(by))
    found = (
        _ROWS.where(*wanted)
        .order_by(Referral.sent_at.desc(), Referral.id)
        .limit(SIZE + 1)
        .offset((number - 1) * SIZE)
    )
    rows = db.session.execute(found).all()
    return Cases(_case_rows(rows[:SIZE]), number, len(rows) > SIZE and number < MOST_PAGES)


def look_up(text: str, by: Acting) -> Sequence[CaseRow]:
    """The newest cases this person may see with exactly this CRN or reference; at most 25."""
    typed = "".join(text.split()).upper()
    rows = db.session.execute(
        _ROWS.where(
            visible_to(by), or_(Referral.reference == typed, Referral.crn_hash == crn_hash(typed))
        )
        .order_by(Referral.sent_at.desc(), Referral.id)
        .limit(SIZE)
    ).all()
    return _case_rows(rows)


_ROWS = select(
    Referral.id,
    Referral.reference,
    Referral.name,
    Referral.crn,
    Referral.state,
    Referral.contract_area_id,
    Referral.sent_at,
    Referral.complete_by,
)


def _in_tab(tab: Tab) -> ColumnElement[bool]:
    if tab == Tab.OVERDUE:
        return Referral.state.in_(OPEN) & clocks.overdue(clock.today())
    return Referral.state.in_(STATES[tab])


def _own(by: Acting) -> ColumnElement[bool]:
    works_on_it = select(Caseworker.referral_id).where(
        Caseworker.person_id == by.person_id, Caseworker.until.is_(None)
    )
    return or_(belongs_to(by.person_id), Referral.id.in_(works_on_it))


def _case_rows(rows: Sequence[Any]) -> list[CaseRow]:
    today = clock.today()
    due = clocks.next_due([row.id for row in rows])
    services = listings_of([row.contract_area_id for row in rows], Directory())
    return [
        CaseRow(
            row.id,
            row.reference,
            row.name,
            row.crn,
            row.state,
            services[row.contract_area_id],
            row.sent_at,
            due.get(row.id),
            _is_overdue(row, due.get(row.id), today),
        )
        for row in rows
    ]


def _is_overdue(row: Any, running: ReferralClock | None, today: date) -> bool:
    """A clock has run out; or, while somebody waits, the date for which they were referred."""
    if row.state == ReferralState.WAITING:
        return date_has_passed(row.complete_by, today)
    return running is not None and clocks.is_overdue(running, today)


def waiting_counts(by: Acting, today: date) -> tuple[int, int]:
    """How many visible cases are to be answered by this side, and how many are overdue; bounded."""
    state = ReferralState.SENT if by.has(*PROVIDERS) else ReferralState.QUERY
    asked = select(Referral.id).where(visible_to(by), Referral.state == state).limit(100)
    late = (
        select(Referral.id)
        .where(visible_to(by), Referral.state.in_(OPEN), clocks.overdue(today))
        .limit(100)
    )
    return len(db.session.scalars(asked).all()), len(db.session.scalars(late).all())
