"""Deciding what comes after a contract, and beginning the next lot from the last one."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts import mails
from lots.contracts.changes.lifecycle import CHANGEABLE
from lots.contracts.models import Contract, Side
from lots.contracts.renewal.models import NEW_LOT, Choice, RenewalDecision
from lots.contracts.renewal.permissions import RenewalPermission
from lots.drafting.actions import USUAL_PAYMENT
from lots.drafting.copying import copy_lot
from lots.models import Lot
from lots.permissions import DRAFTERS
from lots.vocabulary import LotState, Route
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, check

CAME_TO_NOTHING = (LotState.CANCELLED, LotState.NO_AWARD)


def decide(
    contract_id: UUID, choice: Choice, reason: str, note: str, by: Acting
) -> RenewalDecision:
    """Record what comes next and why; an earlier decision is kept as replaced.

    Raises NotYours, Refused, Refusal where the contract is over or the next lot has been begun.
    """
    contract = _locked(contract_id)
    check(by, RenewalPermission.DECIDE, contract)
    if contract.state not in CHANGEABLE:
        raise Refusal(_("This contract is ending or has ended. There is nothing left to decide."))
    earlier = current(contract_id)
    if earlier is not None:
        if earlier.ends_on == contract.ends_on and is_begun(earlier):
            raise Refusal(_("The next lot has been begun. Change or cancel that lot instead."))
        earlier.replaced_at = clock.now()
        db.session.flush()
    decision = RenewalDecision(
        id=new_id(),
        contract_id=contract_id,
        ends_on=contract.ends_on,
        choice=choice,
        reason=reason,
        note=note,
        decided_at=clock.now(),
        decided_by_id=by.person_id,
    )
    db.session.add(decision)
    db.session.flush()
    audit.record("renewal:decided", subject=decision, by=by, facts={"choice": choice})
    if choice in NEW_LOT:
        mails.tell(contract, "life/begin_lot", {Side.BUYER: DRAFTERS})
    return decision


def begin_lot(contract_id: UUID, by: Acting) -> tuple[Lot, list[str]]:
    """The draft of the next lot, from the last one, and what of it is no longer in use; once.

    Raises NotYours, Refused, AlreadyChanged, Refusal where no new lot was decided.
    """
    contract = _locked(contract_id)
    check(by, RenewalPermission.BEGIN, contract)
    decision = current(contract_id)
    if decision is None or decision.choice not in NEW_LOT or decision.ends_on != contract.ends_on:
        raise Refusal(_("Decide first that this is competed for again, or becomes a grant."))
    if decision.lot_id is not None:
        raise AlreadyChanged(_("The next lot has already been begun."))
    lot, dropped = copy_lot(contract.lot_id, by)
    last = db.session.get_one(Lot, contract.lot_id)
    lot.title = last.title
    if decision.choice == Choice.GRANT:
        lot.route, lot.contract_reason = Route.GRANT, ""
        lot.payment_profile = USUAL_PAYMENT[Route.GRANT]
    decision.lot_id = lot.id
    db.session.flush()
    facts = {"lot_id": str(lot.id)}
    audit.record("renewal:lot_begun", subject=decision, by=by, fields=["lot_id"], facts=facts)
    return lot, dropped


def is_begun(decision: RenewalDecision) -> bool:
    """Whether the next lot stands; one that came to nothing leaves the decision open again."""
    return decision.lot is not None and decision.lot.state not in CAME_TO_NOTHING


def current(contract_id: UUID) -> RenewalDecision | None:
    """The decision that was not replaced; it may be about an earlier last day."""
    found = select(RenewalDecision).where(
        RenewalDecision.contract_id == contract_id, RenewalDecision.replaced_at.is_(None)
    )
    return db.session.scalars(found).one_or_none()


def _locked(contract_id: UUID) -> Contract:
    contract = db.session.get(Contract, contract_id, with_for_update=True, populate_existing=True)
    if contract is None:
        raise NotYours(contract_id)
    return contract
