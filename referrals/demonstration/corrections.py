"""A start that was claimed and was not so: last month's claim takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from lots.models import Lot
from lots.vocabulary import PriceBasis
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, key_of, on_the_day
from referrals.corrections import actions
from referrals.corrections.actions import Right
from referrals.corrections.models import Correction, Wrong
from referrals.corrections.queries import Record, records_of
from referrals.models import Referral

PUT_RIGHT_AFTER = timedelta(days=16, hours=10)
WHY = "A caseworker noted the meeting, but nobody came to the door that day. They met a week later."


def build() -> None:
    """Put right one start of a month that is claimed, whose real one was in the month after it."""
    if db.session.scalar(select(Correction.id).limit(1)) is not None:
        return
    last_month = calendar.months_later(clock.today().replace(day=1), -1)
    moment = calendar.start_of(last_month) + PUT_RIGHT_AFTER
    for referral, meeting in _started_before(moment):
        caseworker = acting_for(key_of(referral.provider_id), Role.CASEWORKER)
        with on_the_day(moment), write():
            said = Right(Wrong.NOT_HELD, WHY)
            actions.put_right(referral.id, meeting.kind, meeting.id, said, caseworker)
        return


def _started_before(moment: datetime) -> Iterator[tuple[Referral, Record]]:
    """Cases paid by their start whose first two meetings lie on both sides of a month's end."""
    found = (
        select(Referral)
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .join(Contract)
        .join(Lot, Lot.id == Contract.lot_id)
        .where(
            Contract.is_demonstration,
            Lot.price_basis == PriceBasis.PER_START,
            Referral.started_at < calendar.start_of(calendar.day_of(moment).replace(day=1)),
            Referral.is_restricted.is_(False),
        )
        .order_by(Referral.started_at.desc(), Referral.id)
    )
    for referral in db.session.scalars(found).all():
        meetings = [each for each in records_of(referral) if each.is_meeting]
        if len(meetings) < 2 or meetings[1].at > moment:
            continue
        first, second = (calendar.day_of(each.at) for each in meetings[:2])
        if first.replace(day=1) < second.replace(day=1):
            yield referral, meetings[0]
