"""The waiting list of a service: its order, and placing people as places come free.

Order: rank of the priority, then the date needed (release date in custody, day of sending in the
community), then the moment of sending, then the id. Somebody whom the free place does not fit, or
for whom in prison no place is taken yet, is passed over and keeps their position.

Locks: the service first, then those who wait for it, in their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    and_,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from lots.contracts import places
from lots.contracts.models import Contract, ContractArea
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.web.filters import shown_date
from referrals import clocks, custody, notices
from referrals.codes import EndReason, ReferralState
from referrals.eligibility import Offer, groups_of, misfits, offer, subject_again
from referrals.lifecycle import END_WAIT, PLACE, REFERRAL
from referrals.models import Referral

# A case counts as ending soon from the Monday four weeks before its completion date on.
SOON = timedelta(weeks=4)
ORDER = (Referral.priority_rank, Referral.needed_on, Referral.sent_at, Referral.id)


def places_freed(area: ContractArea, by: Acting | None) -> None:
    """The handler of PLACES_FREED, in the transaction that freed them, under the row's lock."""
    place_waiting(area)


def place_waiting(area: ContractArea) -> int:
    """Give the free places of a service to those first in its list whom they fit; how many."""
    offered = offer(area.id)
    if offered is None:
        return 0
    placed = 0
    today = clock.today()
    groups = groups_of(offered.cohort, offered.service_code, today)
    for referral_id in _waiting_ids(area.id, may_be_placed(today), _may_have_time(today)):
        referral = db.session.get(
            Referral, referral_id, with_for_update=True, populate_existing=True
        )
        if referral is None or referral.state != ReferralState.WAITING:
            continue
        if date_has_passed(referral.complete_by, today):
            continue
        if misfits(offered, groups, subject_again(referral), today):
            continue
        if not places.reserve(area.id):
            break
        _place(referral, offered, today)
        placed += 1
    return placed


def may_be_placed(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """The condition on `Referral` that somebody waits and may be given a place on this day."""
    return and_(
        Referral.state == ReferralState.WAITING,
        or_(Referral.reserve_from.is_(None), Referral.reserve_from <= today),
    )


def _may_have_time(today: date) -> ColumnElement[bool]:
    """The condition on `Referral` that leaves out those whose completion date is surely over.

    The date itself is encrypted; the Monday that stands for it lies up to six days before it.
    """
    over = today - SOON - timedelta(weeks=1)
    return or_(
        Referral.is_indexed.is_(False),
        Referral.ends_soon_on.is_(None),
        Referral.ends_soon_on > over,
    )


def _waiting_ids(contract_area_id: UUID, *which: ColumnElement[bool]) -> Sequence[UUID]:
    return db.session.scalars(
        select(Referral.id)
        .where(
            Referral.contract_area_id == contract_area_id,
            Referral.state == ReferralState.WAITING,
            *which,
        )
        .order_by(*ORDER)
    ).all()


def date_has_passed(complete_by: str, today: date) -> bool:
    """Whether the day by which somebody's work must be complete (ISO) is over."""
    return date.fromisoformat(complete_by) < today


def _place(referral: Referral, offered: Offer, today: date) -> None:
    REFERRAL.take(PLACE, referral, by=None, facts={"placed_at": clock.now()})
    custody.insert_clocks(referral.id, custody.release_of(referral), offered, today)
    clocks.note_next(referral.id)
    notices.tell_of_new(referral.id, referral.reference, None, referral.provider_id)
    notices.tell_practitioner("placed", referral)


def release_changed(referral: Referral) -> None:
    """Follow a changed release date, or somebody's move into or out of prison.

    The case was taken by `locked_with_place`. Whoever waits has their order and their day of a
    place told anew, and is placed at once where it is time and a place is free; a place once given
    stays, and the work is counted from the new day where the lot counts it from release.
    """
    area = db.session.get_one(ContractArea, referral.contract_area_id)
    offered = offer(area.id)
    if offered is None:
        return
    if referral.state != ReferralState.WAITING:
        custody.move_clocks(referral, offered)
        return
    release = custody.release_of(referral)
    referral.needed_on = release or calendar.day_of(referral.sent_at)
    referral.reserve_from = custody.reserve_from(release, offered, clock.today())
    db.session.flush()
    place_waiting(area)


def end_waiting(contract: Contract, by: Acting | None) -> None:
    """The handler of a contract that runs off or ends: nobody waits on for a place of it.

    Its areas are locked and closed by then, so that nobody joins a list meanwhile.
    """
    areas = select(ContractArea.id).where(ContractArea.contract_id == contract.id)
    end_waits(db.session.scalars(areas.order_by(ContractArea.id)).all())


def end_waits(contract_area_ids: Sequence[UUID]) -> None:
    """Nobody waits on for a place of these areas, which are locked and closed by then."""
    for contract_area_id in contract_area_ids:
        for referral_id in _waiting_ids(contract_area_id):
            _end_wait(referral_id)


def _end_wait(referral_id: UUID) -> None:
    referral = db.session.get(Referral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None or referral.state != ReferralState.WAITING:
        return
    facts = {"end_reason": EndReason.SERVICE_ENDED, "ended_at": clock.now()}
    REFERRAL.take(END_WAIT, referral, by=None, facts=facts)
    notices.tell_practitioner("service_ended", referral)


def explain(referral: Referral) -> str:
    """Where somebody stands in the list, and how many are before them for which reason.

    Counts only, nothing about anybody else. One statement.
    """
    before = db.session.execute(
        select(Referral.priority_rank, Referral.needed_on, Referral.sent_at).where(
            _before(referral), Referral.id != referral.id
        )
    ).all()
    why = Counter(_why_before(each, referral) for each in before)
    reasons = [words(why[reason]) for reason, words in REASONS.items() if why[reason]]
    if reasons:
        said = _(
            "Number %(position)s on the waiting list: %(reasons)s.",
            position=len(before) + 1,
            reasons=", ".join(reasons),
        )
    else:
        said = _("Next on the waiting list.")
    first = referral.reserve_from
    if first is None or first <= clock.today():
        return said
    held = _("In prison: a place is given on %(day)s at the earliest.", day=shown_date(first))
    return f"{said} {held}"


class Before(StrEnum):
    """Why somebody stands before somebody else."""

    PRIORITY = "priority"
    RELEASE = "release"
    NOW = "now"
    SENT = "sent"


REASONS: dict[Before, Callable[[int], str]] = {
    Before.PRIORITY: lambda n: ngettext(
        "%(num)s with a higher priority", "%(num)s with a higher priority", n
    ),
    Before.RELEASE: lambda n: ngettext(
        "%(num)s with an earlier release date", "%(num)s with earlier release dates", n
    ),
    Before.NOW: lambda n: ngettext(
        "%(num)s in the community already", "%(num)s in the community already", n
    ),
    Before.SENT: lambda n: ngettext("%(num)s sent earlier", "%(num)s sent earlier", n),
}


def _why_before(other: Row, mine: Referral) -> Before:
    if other.priority_rank < mine.priority_rank:
        return Before.PRIORITY
    if other.needed_on == mine.needed_on:
        return Before.SENT
    if _is_release(other):
        return Before.RELEASE
    return Before.NOW if _is_release(mine) else Before.SENT


def _is_release(waits: Row | Referral) -> bool:
    """Whether the day on which somebody is needed to start is that of their release."""
    return waits.needed_on != calendar.day_of(waits.sent_at)


def _before(referral: Referral) -> ColumnElement[bool]:
    """The condition on whoever stands at or before this one in its list."""
    mine = [literal(getattr(referral, column.key), column.type) for column in ORDER]
    return and_(
        Referral.contract_area_id == referral.contract_area_id,
        Referral.state == ReferralState.WAITING,
        tuple_(*ORDER) <= tuple_(*mine),
    )


def place_when_due(now: datetime) -> int:
    """The job: place people where a pause has run out, or their day before release has come.

    Returns how many were placed.
    """
    placed = 0
    for contract_area_id in _areas_with_room():
        with write():
            area = db.session.get(ContractArea, contract_area_id, with_for_update=True)
            placed += place_waiting(area) if area else 0
    return placed


def _areas_with_room() -> Sequence[UUID]:
    today = clock.today()
    waiting = select(Referral.contract_area_id).where(may_be_placed(today), _may_have_time(today))
    return db.session.scalars(
        select(ContractArea.id)
        .where(
            ContractArea.id.in_(waiting),
            ContractArea.reserved < ContractArea.places,
            *places.takes_people(today),
        )
        .order_by(ContractArea.id)
    ).all()


def next_due(after: datetime) -> datetime | None:
    """When a paused service that people wait for takes people again, or somebody's day comes."""
    today = calendar.day_of(after)
    waiting = select(Referral.contract_area_id).where(Referral.state == ReferralState.WAITING)
    returns = select(func.min(ContractArea.paused_until)).where(
        ContractArea.id.in_(waiting), ContractArea.paused_until > today
    )
    released = select(func.min(Referral.reserve_from)).where(
        Referral.state == ReferralState.WAITING, Referral.reserve_from > today
    )
    days = [day for day in (db.session.scalar(returns), db.session.scalar(released)) if day]
    return calendar.start_of(min(days)) if days else None
