"""The waiting list of a service: its order, and placing people as places come free.

Order: rank of the priority, then the date needed (release date in custody, day of sending in the
community), then the moment of sending, then the id. Somebody whom the free place does not fit is
passed over and keeps their position.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, literal, select, tuple_

from lots.contracts import places
from lots.contracts.models import Contract, ContractArea
from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, write
from referrals import clocks, notices
from referrals.codes import EndReason, ReferralState
from referrals.eligibility import Subject, groups_of, misfits, offer
from referrals.lifecycle import END_WAIT, PLACE, REFERRAL
from referrals.models import Referral

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
    for referral_id in _waiting_ids(area.id):
        referral = db.session.get(
            Referral, referral_id, with_for_update=True, populate_existing=True
        )
        if referral is None or referral.state != ReferralState.WAITING:
            continue
        if date_has_passed(referral.complete_by, today):
            continue
        if misfits(offered, groups, _subject(referral), today):
            continue
        if not places.reserve(area.id):
            break
        _place(referral, today)
        placed += 1
    return placed


def _waiting_ids(contract_area_id: UUID) -> Sequence[UUID]:
    return db.session.scalars(
        select(Referral.id)
        .where(
            Referral.contract_area_id == contract_area_id,
            Referral.state == ReferralState.WAITING,
        )
        .order_by(*ORDER)
    ).all()


def date_has_passed(complete_by: str, today: date) -> bool:
    """Whether the day by which somebody's work must be complete (ISO) is over."""
    return date.fromisoformat(complete_by) < today


def _subject(referral: Referral) -> Subject:
    # The area was judged at sending; what changes in time is the age and what the service offers.
    return Subject(
        date_of_birth=date.fromisoformat(referral.date_of_birth),
        sex=referral.sex,
        area_code=None,
        region_code=None,
        complete_by=date.fromisoformat(referral.complete_by),
    )


def _place(referral: Referral, today: date) -> None:
    REFERRAL.take(PLACE, referral, by=None, facts={"placed_at": clock.now()})
    clocks.start(referral.id, clocks.AT_PLACING, today)
    notices.tell_of_new(referral.id, referral.reference, None, referral.provider_id)
    notices.tell_practitioner("placed", referral)


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
    reason = EndReason.SERVICE_ENDED
    facts = {"end_reason": reason, "ended_at": clock.now()}
    REFERRAL.take(END_WAIT, referral, by=None, facts=facts, reason=reason)
    notices.tell_practitioner("service_ended", referral)


def position(referral: Referral) -> int:
    """How many stand at or before this one in its list: 1 for the next to be placed."""
    mine = [literal(getattr(referral, column.key), column.type) for column in ORDER]
    before = select(func.count()).where(
        Referral.contract_area_id == referral.contract_area_id,
        Referral.state == ReferralState.WAITING,
        tuple_(*ORDER) <= tuple_(*mine),
    )
    return db.session.scalar(before) or 0


def place_after_pauses(now: datetime) -> int:
    """The job: where a pause has run out and people wait, place them; returns how many."""
    placed = 0
    for contract_area_id in _areas_with_room():
        with write():
            area = db.session.get(ContractArea, contract_area_id, with_for_update=True)
            placed += place_waiting(area) if area else 0
    return placed


def _areas_with_room() -> Sequence[UUID]:
    waiting = select(Referral.contract_area_id).where(Referral.state == ReferralState.WAITING)
    return db.session.scalars(
        select(ContractArea.id)
        .where(
            ContractArea.id.in_(waiting),
            ContractArea.reserved < ContractArea.places,
            *places.takes_people(clock.today()),
        )
        .order_by(ContractArea.id)
    ).all()


def next_return(after: datetime) -> datetime | None:
    """When the next paused service that people wait for takes people again."""
    waiting = select(Referral.contract_area_id).where(Referral.state == ReferralState.WAITING)
    day = db.session.scalar(
        select(func.min(ContractArea.paused_until)).where(
            ContractArea.id.in_(waiting), ContractArea.paused_until > calendar.day_of(after)
        )
    )
    return calendar.start_of(day) if day else None
