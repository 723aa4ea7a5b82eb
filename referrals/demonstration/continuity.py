"""One area leaves its contract early: three open cases, one of them decided by now."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts.continuity.actions import Notice, propose
from lots.contracts.continuity.models import ActKind, ActReason, ContinuityAct, Decision
from lots.contracts.models import Contract, ContractArea
from lots.demonstration.lots import find
from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, days_ago, on_the_day
from referrals.codes import HOLDING
from referrals.continuity.actions import Choice, decide
from referrals.models import Referral

LEAVES, LEAVING_AREA = "homes-north-east", "cleveland"
NOTICE_DAYS_AGO, DECIDED_DAYS_AGO = 3, 1
LASTS = timedelta(days=38)
PRACTITIONERS = 2


def build() -> None:
    """Give the notice, where there is none yet, and take the first decision."""
    area_id = _area()
    given = select(ContinuityAct.id).where(ContinuityAct.contract_area_id == area_id)
    if area_id is None or db.session.scalar(given.limit(1)) is not None:
        return
    with write():
        _give_notice(area_id)
    with write():
        _decide_one(area_id)


def _area() -> UUID | None:
    lot = find(LEAVES)
    if lot is None:
        return None
    of_lot = (
        select(ContractArea.id)
        .join(Contract)
        .where(Contract.lot_id == lot.id, ContractArea.area_code == LEAVING_AREA)
    )
    return db.session.scalar(of_lot)


def _give_notice(area_id: UUID) -> None:
    area = db.session.get_one(ContractArea, area_id)
    last_day = calendar.next_working_day(clock.today() + LASTS, calendar.ENGLAND_AND_WALES)
    notice = Notice(ActKind.AREA_LOSS, ActReason.REORGANISED, last_day, area_id)
    with on_the_day(days_ago(NOTICE_DAYS_AGO)):
        propose(area.contract_id, notice, acting_for("north-east", Role.CONTRACT_MANAGER))


def _decide_one(area_id: UUID) -> None:
    """Whoever was sent first stays with their worker until the work is done."""
    first = db.session.scalars(
        select(Referral)
        .where(Referral.contract_area_id == area_id, Referral.state.in_(HOLDING))
        .order_by(Referral.sent_at, Referral.id)
    ).first()
    if first is not None:
        with on_the_day(days_ago(DECIDED_DAYS_AGO, time(15, 40))):
            decide([first.id], Choice(Decision.RUN_OFF), _owner(first))


def _owner(referral: Referral) -> Acting:
    found = (acting_for("north-east", Role.PRACTITIONER, number) for number in range(PRACTITIONERS))
    return next(each for each in found if each.person_id == referral.owner_id)
