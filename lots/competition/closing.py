"""The closing moment: it only ever moves forward, and only before it is reached.

A lot whose bidders wait for an answer has not reached it: closing stays the policy's working days
ahead until the last answer is published. Everything here is judged under the lot's lock by the
database's clock; a submitted bid holds the same row.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from lots import deadlines, proportionality
from lots.actions import locked
from lots.competition.models import LotChange
from lots.competition.permissions import CompetitionPermission
from lots.competition.telling import tell_change
from lots.competition.vocabulary import ChangeKind, ChangeState
from lots.competition.waiting import awaits_answers
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import audit, calendar, clock
from marketplace.acting import Acting
from marketplace.database import changed, db
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check

# A day further ahead is a slip of the keyboard, and a closing never moves back.
FARTHEST = timedelta(days=365)


def still_open(lot: Lot) -> datetime:
    """The moment judged now, before the lot's closing; raises Refusal from the closing on."""
    now = clock.judged_now()
    reached = lot.closes_at is None or (now >= lot.closes_at and not awaits_answers(lot.id))
    if lot.state != LotState.OPEN or reached:
        raise Refusal(_("This lot is not open for bids (any more), so nothing can be changed."))
    return now


def move_closing(lot_id: UUID, day: date, why: str, by: Acting) -> LotChange:
    """Move the closing to noon on a later day, for a reason everybody reads. Raises Refusal."""
    lot = locked(lot_id)
    check(by, CompetitionPermission.CHANGE, lot)
    now = still_open(lot)
    later = judged_closing(lot, day, lot.starts_on)
    change = LotChange(
        lot_id=lot.id,
        lot=lot,
        kind=ChangeKind.MOVED,
        state=ChangeState.MADE,
        why=why,
        closing_before=lot.closes_at,
        proposed_by_id=by.person_id,
        proposed_at=now,
        made_by_id=by.person_id,
        made_at=now,
    )
    put_closing(lot, later, asking_too=True)
    change.closing_after = lot.closes_at
    db.session.add(change)
    audit.record("lot:closing_moved", subject=lot, by=by, fields=["closes_at"])
    tell_change(change, by)
    return change


def judged_closing(lot: Lot, day: date, starts_on: date | None) -> datetime:
    """Noon on a day on which this lot may close later than now planned; raises Refusal.

    `starts_on` is the day the service will start.
    """
    moment = calendar.closing_moment(day)
    if lot.closes_at is not None and moment <= lot.closes_at:
        raise Refusal(_("The closing moment only moves forward. Choose a later day."))
    if not calendar.is_working_day(day):
        raise Refusal(
            _(
                "A lot closes at noon on a working day. Choose a day that is not a weekend or a "
                "bank holiday anywhere in the UK."
            )
        )
    if proportionality.in_closed_season(day):
        raise Refusal(_("No lot closes from 20 December to 5 January. Choose a later day."))
    check_before_start(day, starts_on)
    if day > clock.today() + FARTHEST:
        raise Refusal(_("Closing is at most a year from today. Choose an earlier day."))
    return moment


def check_before_start(day: date, starts_on: date | None) -> None:
    """Raise Refusal where a lot would close on or after the day its service starts."""
    if starts_on is not None and day >= starts_on:
        raise Refusal(
            _(
                "The service must start after the closing day. Choose an earlier closing day, or "
                "propose a material change with a later start; it may move both."
            )
        )


def put_closing(lot: Lot, closes_at: datetime, *, asking_too: bool) -> None:
    """Write a later closing moment; `asking_too` gives time to ask again. Raises AlreadyChanged.

    The one place that moves a closing: the guarded UPDATE refuses whatever is not later.
    """
    values: dict[str, Any] = {"closes_at": closes_at}
    until = deadlines.questions_until(closes_at)
    if asking_too and (lot.questions_until is None or until > lot.questions_until):
        values["questions_until"] = until
    db.session.flush()
    forward = (Lot.id == lot.id, Lot.state == LotState.OPEN, Lot.closes_at < closes_at)
    moved = update(Lot).where(*forward).values(values)
    if not changed(moved.execution_options(synchronize_session=False)):
        raise AlreadyChanged(_("The closing moment only moves forward, while the lot is open."))
    db.session.refresh(lot, list(values))


def leave_time(lot: Lot, now: datetime) -> bool:
    """Move the closing where an answer of this moment would leave bidders too little time.

    To noon, so many working days after `now` (policy), past the closed season; by the system.
    Says whether it moved. Raises nothing: where there is time enough nothing is done.
    """
    least = deadlines.after_answer(now)
    if lot.closes_at is None or lot.closes_at >= least:
        return False
    before = lot.closes_at
    put_closing(lot, least, asking_too=False)
    change = _running_wait(lot)
    if change is None:
        change = LotChange(
            lot_id=lot.id,
            lot=lot,
            kind=ChangeKind.UNANSWERED,
            state=ChangeState.MADE,
            closing_before=before,
            proposed_at=now,
        )
        db.session.add(change)
    first = change.made_at is None
    change.closing_after, change.made_at = least, now
    audit.record("lot:closing_moved", subject=lot, by=None, fields=["closes_at"])
    tell_change(change, None, mails=first)
    return True


def _running_wait(lot: Lot) -> LotChange | None:
    """The last change of the lot, where it is this very wait: each day moves closing a day on."""
    made = (LotChange.lot_id == lot.id, LotChange.made_at.is_not(None))
    found = select(LotChange).where(*made).order_by(LotChange.made_at.desc()).limit(1)
    last = db.session.scalar(found)
    same = last is not None and last.kind == ChangeKind.UNANSWERED
    return last if same and awaits_answers(lot.id) else None


def wait_for_answers(lot_id: UUID) -> bool:
    """Keep a lot with an unanswered question open; by the system. Says whether closing moved."""
    lot = locked(lot_id)
    if lot.state != LotState.OPEN or not awaits_answers(lot.id):
        return False
    return leave_time(lot, clock.judged_now())
