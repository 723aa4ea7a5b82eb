"""What becomes of the demonstration's contracts: signed, opened, ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from lots.contracts import actions
from lots.contracts.jobs import end_contracts
from lots.contracts.models import Contract, ContractSignature, ContractState, ItemKind, PauseReason
from lots.demonstration.data import DELIVERED, Told
from lots.demonstration.lots import decider, each_found
from lots.models import Lot
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, key_of, moment_of, on_the_day

PAUSED, PAUSED_AREA = "women-north-east", "durham"
SIGNED_ON_ONE_SIDE = "women-humberside"
EVIDENCE = {
    ItemKind.INSURANCE: "Certificate seen: public and employer’s liability, five million each.",
    ItemKind.VETTING: "All staff named for this contract are cleared.",
    ItemKind.DATA_PROTECTION: "Sharing agreement signed; impact assessment of this spring.",
}


def build() -> None:
    """Sign and open the contracts that the awards have drawn up."""
    each_found(_open, *(told.key for told in DELIVERED))
    each_found(_sign_on_one_side, SIGNED_ON_ONE_SIDE)


def contract_of(lot: Lot) -> Contract | None:
    """The contract of an awarded lot."""
    return db.session.scalars(select(Contract).where(Contract.lot_id == lot.id)).one_or_none()


def _open(told: Told, lot: Lot) -> None:
    contract = contract_of(lot)
    if contract is None or contract.state != ContractState.DRAFTED or contract.drawn_up_at is None:
        return
    drawn_up = calendar.day_of(contract.drawn_up_at)
    _sign_both(told, contract, drawn_up)
    _mobilise(told, contract, contract.starts_on - timedelta(days=5))
    with on_the_day(moment_of(contract.starts_on)):
        actions.go_live(contract.id, acting_for(told.buyer, Role.CONTRACT_MANAGER))


def _sign_both(told: Told, contract: Contract, drawn_up: date) -> None:
    director = decider(told)
    trustee = acting_for(key_of(contract.provider_id), Role.TRUSTEE)
    for days, signer in ((1, director), (2, trustee)):
        with on_the_day(moment_of(drawn_up + timedelta(days=days))):
            actions.sign(contract.id, signer.name, contract.text_hash, signer)


def _mobilise(told: Told, contract: Contract, day: date) -> None:
    provider = key_of(contract.provider_id)
    manager = acting_for(told.buyer, Role.CONTRACT_MANAGER)
    service_manager = acting_for(provider, Role.SERVICE_MANAGER)
    with on_the_day(moment_of(day)):
        for kind, evidence in EVIDENCE.items():
            by = manager if kind == ItemKind.VETTING else service_manager
            actions.confirm_item(contract.id, kind, evidence, by)
        for area in contract.areas:
            actions.set_places(area.id, area.contracted_places, service_manager)


def _pause(told: Told, lot: Lot) -> None:
    contract, today = contract_of(lot), clock.today()
    for area in contract.areas if contract is not None else ():
        if area.area_code == PAUSED_AREA and area.paused_until is None:
            manager = acting_for(key_of(area.contract.provider_id), Role.SERVICE_MANAGER)
            with on_the_day(moment_of(today - timedelta(days=4))):
                until = today + timedelta(days=18)
                actions.pause(area.id, until, PauseReason.STAFFING, manager)


def _sign_on_one_side(told: Told, lot: Lot) -> None:
    contract = contract_of(lot)
    if contract is None or contract.drawn_up_at is None:
        return
    director = decider(told)
    signed = select(ContractSignature.id).where(ContractSignature.contract_id == contract.id)
    if db.session.scalar(signed) is None:
        with on_the_day(contract.drawn_up_at + timedelta(days=2)):
            actions.sign(contract.id, director.name, contract.text_hash, director)


def bring_to_today() -> None:
    """One pauses, and one has run out."""
    each_found(_pause, PAUSED)
    for moment in _ends():
        with on_the_day(moment):
            end_contracts(moment)


def _ends() -> list[datetime]:
    """The moment after each last day that has passed, of contracts still live."""
    run_out = select(Contract.ends_on).where(
        Contract.is_demonstration,
        Contract.state == ContractState.LIVE,
        Contract.ends_on < clock.today(),
    )
    last_days = db.session.scalars(run_out.order_by(Contract.ends_on))
    return [calendar.end_of(day) + timedelta(minutes=1) for day in last_days]
