"""What can be done to a lot up to its closing; each is one verb, and none commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots import deadlines, keys
from lots.gate import pass_alone
from lots.lifecycle import (
    APPROVE,
    CANCEL,
    CLOSE,
    LOT,
    NO_AWARD,
    OPEN,
    PLAN,
    PUBLISH,
    TAKE_BACK,
    ready_to_publish,
)
from lots.models import Lot, LotEditor
from lots.permissions import LotPermission
from lots.proportionality import policy_today
from lots.together.queries import hold
from lots.vocabulary import EndReason, LotState
from marketplace import calendar, clock, outbox
from marketplace.accounts.models import Person, PersonState
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check

# What a lot that leaves its standstill lets go of.
NOT_PAUSED: dict[str, Any] = {"standstill_paused_at": None, "standstill_days_left": None}
# Somebody has bid, or could have: they and the public read why it came to nothing.
OWES_NOTE = frozenset(
    (LotState.CLOSED, LotState.EVALUATING, LotState.RECOMMENDED, LotState.STANDSTILL)
)
UNAPPROVED = {"opens_at": None, "approved_at": None, "approved_by_id": None}


def locked(lot_id: UUID) -> Lot:
    """A lot under its lock; raises NotYours where there is none."""
    pass_alone(lot_id)
    lot = db.session.get(Lot, lot_id, with_for_update=True)
    if lot is None:
        raise NotYours()
    return lot


def remember_editor(lot: Lot, by: Acting) -> None:
    """Note who wrote in a draft, once; the lot's lock keeps two of their requests apart."""
    db.session.merge(LotEditor(lot_id=lot.id, person_id=by.person_id))


def plan_lot(lot_id: UUID, by: Acting) -> None:
    """Show a draft in the public pipeline; raises Refusal naming what is missing."""
    LOT.take(PLAN, locked(lot_id), by, facts={"planned_at": clock.now()})


def publish_lot(lot_id: UUID, by: Acting) -> Lot:
    """Open a lot for bids now, under fresh keys, and tell whoever drafted it.

    Raises Refused for whoever drafted it or does not decide, Refusal listing what is missing.
    """
    lot = locked(lot_id)
    hold(lot)
    now = clock.now()
    facts = {"published_by_id": by.person_id, **_opened(lot, now)}
    LOT.take(PUBLISH, lot, by, facts=facts)
    _tell(lot, "lots/mail/published.txt", {lot.drafted_by_id})
    return lot


def approve_lot(lot_id: UUID, opens_at: datetime, by: Acting) -> None:
    """Have a lot open by itself at a moment ahead; everybody sees it as planned until then.

    Raises Refused for whoever drafted it or does not decide, Refusal listing what would be
    missing on the day of its opening.
    """
    lot = locked(lot_id)
    hold(lot)
    facts = {
        "opens_at": opens_at,
        "opens_on": calendar.day_of(opens_at),
        "approved_at": clock.now(),
        "approved_by_id": by.person_id,
        "planned_at": lot.planned_at or clock.now(),
    }
    # The guard judges the draft for the day on which it will open.
    lot.opens_at = opens_at
    LOT.take(APPROVE, lot, by, facts=facts)


def take_back_lot(lot_id: UUID, by: Acting) -> None:
    """Undo an approval before its opening: the lot is planned again and can be edited."""
    LOT.take(TAKE_BACK, locked(lot_id), by, facts=UNAPPROVED)


def open_lot(lot_id: UUID) -> None:
    """Open an approved lot whose moment has come, by the system.

    Where something has come to be missing since the approval, the approval ends instead, and
    decider and drafter are told. Raises Refusal before the moment.
    """
    lot = locked(lot_id)
    LOT.expect(OPEN, lot)
    reached = lot.opens_at is not None and clock.judged_now() >= lot.opens_at
    if reached and ready_to_publish(lot):
        told = {lot.drafted_by_id, lot.approved_by_id}
        LOT.take(TAKE_BACK, lot, None, facts=UNAPPROVED)
        _tell(lot, "lots/mail/not_opened.txt", told)
        return
    facts = {"published_by_id": lot.approved_by_id, **_opened(lot, clock.now())}
    LOT.take(OPEN, lot, None, facts=facts)
    _tell(lot, "lots/mail/published.txt", {lot.drafted_by_id, lot.approved_by_id})


def _opened(lot: Lot, now: datetime) -> dict[str, Any]:
    """What an opening writes into the lot: its moment, its keys, until when to ask."""
    until = deadlines.questions_until(lot.closes_at) if lot.closes_at else None
    return {
        "published_at": now,
        "questions_until": until,
        "policy_version": policy_today().version,
        **keys.make_keys(lot),
    }


def _tell(lot: Lot, template: str, person_ids: set[UUID | None]) -> None:
    wanted = {person_id for person_id in person_ids if person_id is not None}
    active = (Person.id.in_(wanted), Person.state == PersonState.ACTIVE)
    for person in db.session.scalars(select(Person).where(*active).order_by(Person.id)):
        outbox.post(
            template,
            to=person.email,
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


def cancel_lot(lot_id: UUID, reason: EndReason, by: Acting, note: str = "") -> None:
    """Cancel a lot before its award, for a coded reason that its page shows.

    `note` says why in words, published too. Raises Refusal without it once bids were closed.
    """
    cancel(locked(lot_id), reason, by, note)


def cancel(lot: Lot, reason: EndReason, by: Acting, note: str) -> None:
    """The same for a lot that is held under its lock."""
    check(by, LotPermission.CANCEL, lot)
    if lot.state in OWES_NOTE and not note:
        raise Refusal(_("Enter why the lot is cancelled, in words. It will be published."))
    ending = {"ended_at": clock.now(), "end_reason": reason, "end_note": note}
    LOT.take(CANCEL, lot, by, facts=ending | NOT_PAUSED, reason=reason)


def end_without_award(lot_id: UUID, reason: EndReason, by: Acting) -> None:
    """End a closed lot without an award, for a coded reason that its page shows.

    Raises Refusal once its evaluation has begun (`ends_undecided`).
    """
    lot = locked(lot_id)
    ends_undecided(lot)
    facts = {"ended_at": clock.now(), "end_reason": reason}
    LOT.take(NO_AWARD, lot, by, facts=facts, reason=reason)


def ends_undecided(lot: Lot) -> None:
    """Raise Refusal where only a recommendation and its decision can end a lot without an award.

    Every bidder is owed its scores and reasons, reviewed, and the public a reason (domain,
    section 6).
    """
    if lot.state in (LotState.EVALUATING, LotState.RECOMMENDED):
        raise Refusal(
            _(
                "The evaluation of this lot has begun. To end it without an award, the officer "
                "recommends “No award” on the evaluation’s page and the decision-maker decides on "
                "it: so every bidder is told its scores and reasons."
            )
        )
    if lot.state == LotState.STANDSTILL:
        raise Refusal(
            _(
                "This lot has been decided. To take the award back, uphold a challenge of it, or "
                "cancel the lot."
            )
        )
