"""What becomes of the demonstration's contracts: signed, opened, ended, and claimed for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from lots.contracts import actions
from lots.contracts.claims import actions as claims
from lots.contracts.claims.computing import close_months
from lots.contracts.claims.models import Claim, ClaimState
from lots.contracts.jobs import end_contracts
from lots.contracts.models import Contract, ContractSignature, ContractState, ItemKind, PauseReason
from lots.demonstration.data import DELIVERED, Told
from lots.demonstration.lots import decider, each_found
from lots.models import Lot
from lots.vocabulary import Source
from marketplace import calendar, clock
from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, key_of, moment_of, on_the_day

PAUSED, PAUSED_AREA = "women-north-east", "durham"
SIGNED_ON_ONE_SIDE = "women-humberside"
EVIDENCE = {
    ItemKind.INSURANCE: "Certificate seen: public and employer’s liability, five million each.",
    ItemKind.VETTING: "All staff named for this contract are cleared.",
    ItemKind.DATA_PROTECTION: "Sharing agreement signed; impact assessment of this spring.",
}
APPROVED_AFTER_DAYS = 8
# Of last month's claims this one is approved, and this one queried; the rest wait.
APPROVED_LAST_MONTH = "women-north-east"
QUERIED_LAST_MONTH = "work-wales"


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


def build_claims() -> None:
    """Bring contracts to today: one pauses, one has run out, and every closed month is claimed."""
    each_found(_pause, PAUSED)
    for moment in _ends():
        with on_the_day(moment):
            end_contracts(moment)
    for month_end in _month_ends():
        with on_the_day(month_end):
            close_months(month_end)
    for claim_id in _waiting_claims():
        with write():
            _decide(claim_id)


def _ends() -> list[datetime]:
    """The moment after each last day that has passed, of contracts still live."""
    run_out = select(Contract.ends_on).where(
        Contract.is_demonstration,
        Contract.state == ContractState.LIVE,
        Contract.ends_on < clock.today(),
    )
    last_days = db.session.scalars(run_out.order_by(Contract.ends_on))
    return [calendar.end_of(day) + timedelta(minutes=1) for day in last_days]


def _month_ends() -> list[datetime]:
    """The first moment of each month since the first of these contracts went live."""
    live = (Contract.is_demonstration, Contract.source == Source.OWN, Contract.live_at.is_not(None))
    first = db.session.scalar(select(Contract.live_at).where(*live).order_by(Contract.live_at))
    if first is None:
        return []
    month, found = calendar.day_of(first).replace(day=1), []
    while (month := calendar.months_later(month, 1)) <= clock.today():
        found.append(calendar.start_of(month))
    return found


def _waiting_claims() -> list[UUID]:
    return list(
        db.session.scalars(
            select(Claim.id)
            .join(Contract)
            .where(Claim.state == ClaimState.COMPUTED, Contract.is_demonstration)
            .order_by(Claim.month, Contract.reference)
        )
    )


def _decide(claim_id: UUID) -> None:
    claim = db.session.get_one(Claim, claim_id)
    lot = db.session.get_one(Lot, claim.contract.lot_id)
    buyer = key_of(claim.contract.buyer_id)
    is_last_month = calendar.months_later(claim.month, 1) == clock.today().replace(day=1)
    told = next(each for each in DELIVERED if each.title == lot.title)
    decided = calendar.start_of(calendar.months_later(claim.month, 1)) + timedelta(
        days=APPROVED_AFTER_DAYS, hours=11
    )
    if not is_last_month or told.key == APPROVED_LAST_MONTH:
        with on_the_day(decided):
            claims.approve(claim_id, acting_for(buyer, Role.CONTRACT_MANAGER))
    elif told.key == QUERIED_LAST_MONTH:
        with on_the_day(decided - timedelta(days=3)):
            finance = acting_for(key_of(claim.contract.provider_id), Role.FINANCE)
            text = "One person who started on the last day of the month is missing."
            claims.query(claim_id, text, finance)
