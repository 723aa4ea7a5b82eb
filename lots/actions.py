"""What can be done to a lot up to its closing; each is one verb, and none commits."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from lots import keys
from lots.lifecycle import CANCEL, CLOSE, LOT, NO_AWARD, PLAN, PUBLISH
from lots.models import Lot
from lots.proportionality import policy
from lots.vocabulary import EndReason
from marketplace import calendar, clock, outbox
from marketplace.accounts.models import Person, PersonState
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours


def locked(lot_id: UUID) -> Lot:
    """A lot under its lock; raises NotYours where there is none."""
    lot = db.session.get(Lot, lot_id, with_for_update=True)
    if lot is None:
        raise NotYours()
    return lot


def plan_lot(lot_id: UUID, by: Acting) -> None:
    """Show a draft in the public pipeline; raises Refusal naming what is missing."""
    LOT.take(PLAN, locked(lot_id), by, facts={"planned_at": clock.now()})


def publish_lot(lot_id: UUID, by: Acting) -> Lot:
    """Open a lot for bids under fresh keys, and tell whoever drafted it.

    Raises Refused for whoever drafted it or does not decide, Refusal listing what is missing.
    """
    lot = locked(lot_id)
    facts = {"published_at": clock.now(), "published_by_id": by.person_id, **keys.make_keys()}
    if lot.closes_at is not None:
        closing = calendar.day_of(lot.closes_at)
        cut_off = calendar.add_working_days(closing, -policy.QUESTIONS_CUT_OFF_WORKING_DAYS)
        facts["questions_until"] = calendar.closing_moment(cut_off)
    LOT.take(PUBLISH, lot, by, facts=facts)
    _tell_drafter(lot)
    return lot


def _tell_drafter(lot: Lot) -> None:
    drafter = db.session.scalar(
        select(Person).where(Person.id == lot.drafted_by_id, Person.state == PersonState.ACTIVE)
    )
    if drafter is not None:
        outbox.post(
            "lots/mail/published.txt",
            to=drafter.email,
            subject_id=lot.id,
            facts={
                "lot_id": lot.id,
                "reference": lot.reference,
                "title": lot.title,
                "closes_at": lot.closes_at.isoformat() if lot.closes_at else "",
            },
        )


def close_lot(lot_id: UUID) -> None:
    """Close a lot whose moment has come; by the system. Raises Refusal before it."""
    LOT.take(CLOSE, locked(lot_id), None, facts={"closed_at": clock.judged_now()})


def cancel_lot(lot_id: UUID, reason: EndReason, by: Acting) -> None:
    """Cancel a lot before its award, for a coded reason that its page shows."""
    facts = {"ended_at": clock.now(), "end_reason": reason}
    LOT.take(CANCEL, locked(lot_id), by, facts=facts, reason=reason)


def end_without_award(lot_id: UUID, reason: EndReason, by: Acting) -> None:
    """End a closed lot without an award, for a coded reason that its page shows."""
    facts = {"ended_at": clock.now(), "end_reason": reason}
    LOT.take(NO_AWARD, locked(lot_id), by, facts=facts, reason=reason)
