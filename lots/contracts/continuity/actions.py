"""Giving notice that a service ends, pauses or leaves an area, and taking it back.

Every verb locks the contract's areas by id, then the contract, then the act. The floor above hears
each step in the same transaction: at the notice it lists the open cases and tells practitioners.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts import places
from lots.contracts.continuity import holds, telling
from lots.contracts.continuity.lifecycle import (
    ACT,
    CANCEL,
    GIVE_NOTICE,
    REPLACE,
    RESTORE,
    RESUME,
    RUNS,
)
from lots.contracts.continuity.models import (
    EMERGENCY_REASONS,
    ENDS_CONTRACT,
    ActKind,
    ActReason,
    ActState,
    CancelReason,
    ContinuityAct,
)
from lots.contracts.continuity.permissions import ContinuityPermission
from lots.contracts.models import Contract, ContractArea, ContractState
from marketplace import audit, calendar, clock, events
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, allowed, check

# Policy: decisions are wanted this many working days before the day, or, where notice is shorter,
# on the next working day; that much is left too after an emergency stop.
DECIDED_BEFORE, AT_LEAST = 5, 1
MAY_STOP = (*RUNS, ContractState.ENDING)
RUNNING = (ActState.PROPOSED, ActState.NOTICED)


class ActHappening(StrEnum):
    """What is told of an act besides its steps: its areas are free for whoever stops them next."""

    LET_GO = "continuity_act:let_go"


LET_GO = ActHappening.LET_GO


@dataclass(frozen=True)
class Notice:
    """What a contract manager wants: `contract_area_id` None for every area."""

    kind: ActKind
    reason: ActReason
    effective_on: date
    contract_area_id: UUID | None = None


def decisions_due(kind: ActKind, effective_on: date, today: date) -> datetime:
    """The moment by which every case should be decided, for a notice given today."""
    working = calendar.ENGLAND_AND_WALES
    soonest = calendar.add_working_days(today, AT_LEAST, working)
    if kind == ActKind.EMERGENCY:
        return calendar.end_of(soonest)
    return calendar.end_of(
        max(calendar.add_working_days(effective_on, -DECIDED_BEFORE, working), soonest)
    )


def propose(contract_id: UUID, notice: Notice, by: Acting) -> ContinuityAct:
    """Give notice of a suspension or of an area's leaving; propose the end of a contract.

    The end waits for the director's confirmation, and stops nothing before it. Raises Refused,
    Refusal where another notice stands against it or the day does not fit.
    """
    contract, areas = places.locked_contract(contract_id)
    check(by, ContinuityPermission.PROPOSE, contract)
    _refuse_unfit(contract, areas, notice)
    act = _new_act(contract, notice, by)
    if allowed(by, ContinuityPermission.GIVE, act):
        _give(act, areas, by)
    else:
        audit.record("continuity_act:propose", subject=act, by=by, facts=_facts(act))
        telling.tell_deciders(act)
    return act


def confirm(act_id: UUID, by: Acting) -> ContinuityAct:
    """Give the notice that was proposed: no new referral is taken from this moment.

    Raises NotYours, Refused, Refusal where its day has passed or the contract runs out before it,
    AlreadyChanged.
    """
    act, areas = locked_act(act_id)
    check(by, ContinuityPermission.GIVE, act)
    ACT.expect(GIVE_NOTICE, act)
    if act.effective_on > act.contract.ends_on:
        raise Refusal(_("The contract ends before this day anyway. Cancel this proposal."))
    _give(act, areas, by)
    return act


def give_agreed(
    contract: Contract, areas: list[ContractArea], notice: Notice, by: Acting | None
) -> ContinuityAct | None:
    """Give notice of what both sides have agreed; None where nothing is left to stop.

    It takes the place of an ending that was only proposed, and of the notice that the contract runs
    out. The areas and the contract are locked by the caller; the signatures stand for the
    permission.
    """
    if notice.kind == ActKind.ENDING:
        for each in _acts(contract.id, RUNNING):
            if each.kind == ActKind.ENDING and (each.runs_out or each.state == ActState.PROPOSED):
                holds.release(holds.held_by(each, areas))
                ACT.take(REPLACE, each, None)
    if not holds.free_to_stop(areas, notice.contract_area_id, notice.kind):
        return None
    act = _new_act(contract, notice, by)
    _give(act, areas, by, signed_for=True)
    return act


def stop(contract_id: UUID, reason: ActReason, by: Acting) -> ContinuityAct:
    """The emergency stop: every area takes nobody from this moment, whatever notice ran before.

    Every case open becomes a decision with a clock of one working day. Raises Refused, Refusal
    where the contract is not running or is stopped already.
    """
    contract, areas = places.locked_contract(contract_id)
    check(by, ContinuityPermission.STOP, contract)
    if contract.state not in MAY_STOP:
        raise Refusal(_("Only a contract that is running can be stopped."))
    earlier = _acts(contract.id, (*RUNNING, ActState.COMPLETED))
    if any(each.kind == ActKind.EMERGENCY for each in earlier):
        raise Refusal(_("This contract has been stopped already."))
    if reason not in EMERGENCY_REASONS:
        raise Refusal(_("Select why the service must stop at once."))
    for each in earlier:
        if each.state in RUNNING or each.kind == ActKind.SUSPENSION:
            ACT.take(REPLACE, each, by)
    holds.release(areas)
    act = _new_act(contract, Notice(ActKind.EMERGENCY, reason, clock.today()), by)
    _give(act, areas, by)
    return act


def cancel(act_id: UUID, reason: CancelReason, by: Acting) -> ContinuityAct:
    """Take a notice back before it has taken effect; its areas take people again.

    An area that was suspended before is suspended again, and what a signed change ends has its
    notice again. Raises NotYours, Refused, Refusal where the contract or the area ends all the
    same, AlreadyChanged.
    """
    act, areas = locked_act(act_id)
    take_back(act, areas, reason, by)
    return act


def take_back(
    act: ContinuityAct, areas: list[ContractArea], reason: CancelReason, by: Acting | None
) -> None:
    """What cancelling does; `by` None where a later last day has overtaken the notice."""
    held = holds.held_by(act, areas)
    was_noticed = act.state == ActState.NOTICED
    facts = {"cancelled_at": clock.now(), "cancel_reason": reason}
    ACT.take(CANCEL, act, by, facts=facts, reason=reason)
    _let_go(act, held, by)
    if was_noticed:
        stays = len(holds.not_held(held)) < len(held)
        telling.tell_both_sides(act, "cancelled", stays=stays)
        telling.tell_funders(act, "funder_cancelled", stays=stays)


def _let_go(act: ContinuityAct, held: list[ContractArea], by: Acting | None) -> None:
    """Whoever stopped these areas before, or has signed that they end, holds them from now on."""
    holds.release(held)
    for area in held:
        suspended = holds.suspended_before(area) if act.kind != ActKind.SUSPENSION else None
        if suspended is not None:
            holds.hand_back(suspended, area)
            if suspended.state == ActState.REPLACED:
                ACT.take(RESTORE, suspended, None)
    events.emit(LET_GO, act, by)
    places.restart_areas(holds.not_held(held), by)


def resume(act_id: UUID, by: Acting) -> ContinuityAct:
    """End a suspension: its areas take people again, and everybody is told.

    Raises NotYours, Refused, Refusal for what was no suspension, AlreadyChanged.
    """
    act, areas = locked_act(act_id)
    held = holds.held_by(act, areas)
    ACT.take(RESUME, act, by, facts={"resumed_at": clock.now()})
    _let_go(act, held, by)
    telling.tell_both_sides(act, "resumed")
    telling.tell_funders(act, "funder_resumed")
    return act


def locked_act(act_id: UUID) -> tuple[ContinuityAct, list[ContractArea]]:
    """An act and its contract's areas under their locks. Raises NotYours."""
    contract_id = db.session.scalar(
        select(ContinuityAct.contract_id).where(ContinuityAct.id == act_id)
    )
    if contract_id is None:
        raise NotYours(act_id)
    _contract, areas = places.locked_contract(contract_id)
    act = db.session.get_one(ContinuityAct, act_id, with_for_update=True, populate_existing=True)
    return act, areas


def _refuse_unfit(contract: Contract, areas: list[ContractArea], notice: Notice) -> None:
    if contract.state not in RUNS:
        raise Refusal(_("Notice can be given once a contract is signed, until it ends."))
    wanted = next((each for each in areas if each.id == notice.contract_area_id), None)
    if (notice.kind == ActKind.AREA_LOSS) and wanted is None:
        raise Refusal(_("Choose the area that leaves the contract."))
    last = wanted.ends_on if wanted else contract.ends_on
    if not clock.today() <= notice.effective_on <= last:
        raise Refusal(_("The day must not be in the past, nor after the last day agreed."))
    for each in _acts(contract.id, RUNNING):
        if each.kind in ENDS_CONTRACT or each.kind == notice.kind == ActKind.SUSPENSION:
            raise Refusal(_("Notice has been given already. Cancel it first, or let it run."))
    if not holds.free_to_stop(areas, notice.contract_area_id, notice.kind):
        raise Refusal(_("Notice has been given already for every area that you chose."))
    if notice.kind == ActKind.AREA_LOSS and _is_last(areas, wanted):
        raise Refusal(
            _("This is the last area of the contract. Give notice that the contract ends instead.")
        )


def _is_last(areas: list[ContractArea], leaving: ContractArea | None) -> bool:
    staying = holds.free_to_stop(areas, None, ActKind.ENDING)
    return all(each is leaving for each in staying)


def _replace_suspensions(act: ContinuityAct, areas: list[ContractArea]) -> None:
    """What is suspended and now ends is held by the new act; of the rest the suspension goes on."""
    if act.kind == ActKind.SUSPENSION:
        return
    for each in _acts(act.contract_id, (ActState.NOTICED, ActState.COMPLETED)):
        if each.kind != ActKind.SUSPENSION:
            continue
        held = holds.held_by(each, areas)
        leaving = [area for area in held if act.contract_area_id in (None, area.id)]
        if len(leaving) == len(held):
            ACT.take(REPLACE, each, None)
        holds.release(leaving)


def _new_act(contract: Contract, notice: Notice, by: Acting | None) -> ContinuityAct:
    act = ContinuityAct(
        id=new_id(),
        contract_id=contract.id,
        contract_area_id=notice.contract_area_id,
        kind=notice.kind,
        reason=notice.reason,
        state=ActState.PROPOSED,
        effective_on=notice.effective_on,
        proposed_at=clock.now(),
        proposed_by_id=by.person_id if by else None,
    )
    act.contract = contract
    db.session.add(act)
    db.session.flush()
    return act


def _give(
    act: ContinuityAct, areas: list[ContractArea], by: Acting | None, *, signed_for: bool = False
) -> None:
    """Stop the areas, then take the step: whoever hears it finds nobody slipping in behind."""
    _replace_suspensions(act, areas)
    holds.stop(act, holds.free_to_stop(areas, act.contract_area_id, act.kind))
    facts = {
        "notice_at": clock.now(),
        "notice_by_id": by.person_id if by else None,
        "due_at": decisions_due(act.kind, act.effective_on, clock.today()),
    }
    ACT.take(GIVE_NOTICE, act, None if signed_for else by, facts=facts, reason=act.reason)
    telling.tell_both_sides(act, "stopped" if act.kind == ActKind.EMERGENCY else "notice")
    telling.tell_funders(act, "funder_notice")


def _facts(act: ContinuityAct) -> dict[str, object]:
    return {"kind": act.kind, "reason": act.reason, "effective_on": act.effective_on}


def _acts(contract_id: UUID, states: tuple[ActState, ...]) -> list[ContinuityAct]:
    """The contract's acts in these states, locked by id; the contract is locked by then."""
    found = select(ContinuityAct).where(
        ContinuityAct.contract_id == contract_id, ContinuityAct.state.in_(states)
    )
    locked = found.order_by(ContinuityAct.id).with_for_update()
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))
