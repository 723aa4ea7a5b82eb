"""Deciding what becomes of cases whose service ends; one here, written for many at once.

Locks: every area concerned by id, then the cases by id, then the rows of the act.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select

from lots.contracts.continuity import cases
from lots.contracts.continuity.models import ActKind, Decision
from lots.contracts.continuity.queries import leaving
from lots.contracts.models import ContractArea
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check
from referrals import notices
from referrals.answering import actions
from referrals.codes import HOLDING, EndReason, ReferralState
from referrals.continuity.moving import move
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.queries import locked


@dataclass(frozen=True)
class Choice:
    """What is decided: `target` the service to move to, `reason` and `comment` for closing."""

    decision: Decision
    target: UUID | None = None
    reason: EndReason | None = None
    comment: str = ""


def decide(referral_ids: Sequence[UUID], choice: Choice, by: Acting) -> list[UUID]:
    """Decide on these cases, all or none; where each goes on (a moved one: its id there).

    Raises NotYours, Refused, Refusal where a place is missing or the choice does not fit the
    notice, AlreadyChanged where a case has been decided or has ended a moment before.
    """
    lock_areas(referral_ids, choice.target)
    referrals = [locked(each, by) for each in sorted(referral_ids)]
    for each in referrals:
        check(by, ReferralPermission.DECIDE, each)
    return [_decide(each, choice, by) for each in referrals]


def _decide(referral: Referral, choice: Choice, by: Acting) -> UUID:
    row = cases.case_of(referral.id)
    if row is None or referral.state not in HOLDING:
        raise _nothing_to_decide()
    if choice.decision == Decision.RUN_OFF and row.act.kind == ActKind.EMERGENCY:
        raise Refusal(_("The service has been stopped: the case cannot stay. Move or close it."))
    if not cases.decide(row, choice.decision, by, choice.target):
        raise _nothing_to_decide()
    goes_on = referral.id
    if choice.decision == Decision.TRANSFER and choice.target is not None:
        goes_on = move(referral, choice.target, by)
    elif choice.decision == Decision.EARLY_CLOSE:
        actions.close(referral, choice.reason or EndReason.SERVICE_CLOSES, choice.comment, by)
    else:
        notices.tell_provider("continuity/stays", referral)
    if by.person_id != referral.owner_id:
        notices.tell_practitioner("continuity/decided", referral)
    return goes_on


def _nothing_to_decide() -> AlreadyChanged:
    return AlreadyChanged(
        _("This case needs no decision any more: it was decided, has ended, or the notice is over.")
    )


def move_on(referral_id: UUID, target: UUID, by: Acting) -> UUID:
    """Send somebody who waits for a service that stops to another one with a place; the id there.

    Raises NotYours, Refused, Refusal where no place is free there or the wait goes on here.
    """
    lock_areas([referral_id], target)
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DECIDE, referral)
    if referral.state != ReferralState.WAITING or leaving(referral.contract_area_id) is None:
        raise AlreadyChanged(_("This person does not wait for a service that stops."))
    return move(referral, target, by)


def lock_areas(referral_ids: Sequence[UUID], target: UUID | None) -> None:
    """Lock the services of these cases and the one they go to, by id; before any case."""
    here = select(Referral.contract_area_id).where(Referral.id.in_(referral_ids))
    locked_rows = select(ContractArea.id).where(
        or_(ContractArea.id.in_(here), ContractArea.id == target)
    )
    db.session.execute(locked_rows.order_by(ContractArea.id).with_for_update())
