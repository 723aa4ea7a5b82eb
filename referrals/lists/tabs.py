"""The lists of cases: which there are for whom, what stands in each, and how it can be sorted."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Date, case, exists, func, literal
from sqlalchemy.orm import aliased

from marketplace import clock
from marketplace.acting import Acting, Role
from referrals import clocks
from referrals.codes import ENDED, IN_DELIVERY, OPEN, TO_ANSWER, ReferralState
from referrals.delivery.models import Concern
from referrals.models import Caseworker, Referral
from referrals.permissions import PROVIDERS, own

FOREVER = date(9999, 12, 31)
REFERENCE = re.compile("[A-Z0-9]{1,8}")


class Tab(StrEnum):
    """The lists of cases."""

    MINE = "mine"
    OPEN = "open"
    WAITING = "waiting"
    AWAITING = "awaiting"
    QUESTIONS = "questions"
    NEW = "new"
    ACTIVE = "active"
    UNASSIGNED = "unassigned"
    OVERDUE = "overdue"
    CONCERNS = "concerns"
    ENDING = "ending"
    DECLINED = "declined"
    ENDED = "ended"


TABS = {
    Tab.MINE: _l("My cases"),
    Tab.OPEN: _l("All open"),
    Tab.WAITING: _l("Waiting for a place"),
    Tab.AWAITING: _l("Awaiting an answer"),
    Tab.QUESTIONS: _l("Questions to answer"),
    Tab.NEW: _l("New"),
    Tab.ACTIVE: _l("Active"),
    Tab.UNASSIGNED: _l("Unassigned"),
    Tab.OVERDUE: _l("Overdue"),
    Tab.CONCERNS: _l("Concerns"),
    Tab.ENDING: _l("Ending soon"),
    Tab.DECLINED: _l("Declined: to re-route"),
    Tab.ENDED: _l("Ended"),
}
PRACTITIONER_TABS = (
    Tab.MINE,
    Tab.OPEN,
    Tab.QUESTIONS,
    Tab.DECLINED,
    Tab.CONCERNS,
    Tab.OVERDUE,
    Tab.ENDING,
    Tab.WAITING,
    Tab.AWAITING,
    Tab.UNASSIGNED,
    Tab.ENDED,
)
PROVIDER_TABS = (
    Tab.MINE,
    Tab.NEW,
    Tab.UNASSIGNED,
    Tab.ACTIVE,
    Tab.OVERDUE,
    Tab.CONCERNS,
    Tab.ENDING,
    Tab.ENDED,
)
STATES: dict[Tab, tuple[ReferralState, ...]] = {
    Tab.WAITING: (ReferralState.WAITING,),
    Tab.AWAITING: (ReferralState.SENT,),
    Tab.QUESTIONS: (ReferralState.QUERY,),
    Tab.NEW: TO_ANSWER,
    Tab.ACTIVE: IN_DELIVERY,
    Tab.UNASSIGNED: IN_DELIVERY,
    Tab.DECLINED: (ReferralState.DECLINED,),
    Tab.ENDED: ENDED,
}

_OVER = (Tab.DECLINED, Tab.ENDED)


def tabs_for(by: Acting) -> tuple[Tab, ...]:
    """The lists of this person's side, the one they begin the day with first."""
    if by.has(*PROVIDERS):
        return _first(Tab.NEW if by.has(Role.SERVICE_MANAGER) else Tab.MINE, PROVIDER_TABS)
    return _first(Tab.OPEN if by.has(Role.TEAM_MANAGER) else Tab.MINE, PRACTITIONER_TABS)


def _first(begins: Tab, tabs: tuple[Tab, ...]) -> tuple[Tab, ...]:
    return (begins, *(each for each in tabs if each != begins))


def states_of(tab: Tab) -> tuple[ReferralState, ...]:
    """The states in which a case can stand in this list."""
    return STATES.get(tab, OPEN)


def in_tab(tab: Tab, by: Acting) -> list[ColumnElement[bool]]:
    """The conditions on `Referral` of one list."""
    has_ended = Referral.ended_at.is_not(None)
    conditions: list[ColumnElement[bool]] = [has_ended if tab in _OVER else ~has_ended]
    if tab in STATES and tab != Tab.ENDED:
        conditions.append(Referral.state.in_(STATES[tab]))
    if tab == Tab.MINE:
        conditions.append(own(by))
    elif tab == Tab.DECLINED:
        conditions += [Referral.settled_at.is_(None), ~_was_sent_elsewhere()]
    elif tab == Tab.UNASSIGNED:
        conditions.append(~_somebody_works_on_it())
    elif tab == Tab.OVERDUE:
        conditions.append(clocks.overdue(clock.today()))
    elif tab == Tab.CONCERNS:
        conditions.append(_has_unread_concern())
    elif tab == Tab.ENDING:
        conditions.append(Referral.ends_soon_on <= clock.today())
    return conditions


def _was_sent_elsewhere() -> ColumnElement[bool]:
    """A copy of it was sent."""
    copy = aliased(Referral)
    return exists().where(copy.copied_from_id == Referral.id)


def _has_unread_concern() -> ColumnElement[bool]:
    return exists().where(Concern.referral_id == Referral.id, Concern.read_at.is_(None))


def _somebody_works_on_it() -> ColumnElement[bool]:
    return exists().where(Caseworker.referral_id == Referral.id, Caseworker.until.is_(None))


class Sort(StrEnum):
    """What a list can be sorted by; never by what is encrypted."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"
    STATE = "state"
    REFERENCE = "reference"
    ENDING = "ending"
    ENDED = "ended"


SORTS = {
    Sort.NEWEST: _l("Newest first"),
    Sort.OLDEST: _l("Oldest first"),
    Sort.DUE: _l("Due first"),
    Sort.STATE: _l("State"),
    Sort.REFERENCE: _l("Reference"),
    Sort.ENDING: _l("Ending first"),
    Sort.ENDED: _l("Ended last"),
}
_STATE_RANKS = {state: rank for rank, state in enumerate(ReferralState)}


def _reference(text: str) -> str:
    if REFERENCE.fullmatch(text) is None:
        raise ValueError(text)
    return text


@dataclass(frozen=True)
class Order:
    """The columns of an order, the last of them unique; `read` makes their values from text."""

    columns: Sequence[Any]
    read: Sequence[Callable[[str], Any]]
    falling: bool = False


ORDERS = {
    Sort.NEWEST: Order((Referral.sent_at, Referral.id), (datetime.fromisoformat, UUID), True),
    Sort.OLDEST: Order((Referral.sent_at, Referral.id), (datetime.fromisoformat, UUID)),
    Sort.DUE: Order(
        (func.coalesce(Referral.next_due_on, literal(FOREVER, Date)), Referral.id),
        (date.fromisoformat, UUID),
    ),
    Sort.STATE: Order((case(_STATE_RANKS, value=Referral.state), Referral.id), (int, UUID)),
    Sort.REFERENCE: Order((Referral.reference,), (_reference,)),
    Sort.ENDING: Order(
        (func.coalesce(Referral.ends_soon_on, literal(FOREVER, Date)), Referral.id),
        (date.fromisoformat, UUID),
    ),
    Sort.ENDED: Order((Referral.ended_at, Referral.id), (datetime.fromisoformat, UUID), True),
}
_BEGINS_WITH = {
    Tab.OVERDUE: Sort.DUE,
    Tab.ENDING: Sort.ENDING,
    Tab.DECLINED: Sort.ENDED,
    Tab.ENDED: Sort.ENDED,
}
_ANY = (Sort.NEWEST, Sort.OLDEST, Sort.DUE, Sort.STATE, Sort.REFERENCE)


def sorts_for(tab: Tab) -> tuple[Sort, ...]:
    """The orders of a list, the one it begins with first."""
    first = _BEGINS_WITH.get(tab, Sort.NEWEST)
    rest = (each for each in _ANY if each != first)
    return (first, *(each for each in rest if tab not in _OVER or each != Sort.DUE))
