"""A contract with two partners: what they were paid, one extension signed, one change waiting."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from lots.contracts.actions import set_places
from lots.contracts.changes import actions as changes
from lots.contracts.changes.models import ChangeKind
from lots.contracts.changes.terms import partners_of, price_of, shares_of
from lots.contracts.models import Contract, ContractState
from lots.contracts.partners import actions as payments
from lots.contracts.partners.models import ContractPartner
from lots.contracts.partners.statement import owed_for
from lots.demonstration.contracts import contract_of
from lots.demonstration.data import Told
from lots.demonstration.lots import decider, each_found
from lots.models import Lot
from marketplace import calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, key_of, moment_of, on_the_day, organisation

TOLD = "women-north-east"
# Partners' places in the last area, by key.
PLACES = {"second-street": 2, "harbour": 3}
PAID_EVERY_MONTH, SELDOM_PAID = "second-street", "harbour"
EXTENDED_BY = 12
FUNDER, ADDED_PENCE = "commissioner", 24_000_00
WHY_LONGER = (
    "Both centres are full and women say they feel safe there. The lot allows two extensions; "
    "this is the first."
)
WHY_MORE = (
    "The commissioner pays for a worker who meets women in custody before they are released, so "
    "that nobody comes out to an empty Friday evening."
)
DISPUTED = "Half of this reached us in the month. We have the bank statement."


def build() -> None:
    """Tell it of the one contract whose bid named two partners."""
    each_found(_tell, TOLD)


def _tell(told: Told, lot: Lot) -> None:
    contract = contract_of(lot)
    if contract is None or contract.state != ContractState.LIVE or contract.text == "":
        return
    partners = {key_of(each.organisation_id): each for each in partners_of(contract)}
    if not partners or partners[PAID_EVERY_MONTH].areas[0].places:
        return
    _set_places(contract, partners)
    for key, partner in partners.items():
        _pay(contract, key, partner)
    director, trustee = decider(told), acting_for(key_of(contract.provider_id), Role.TRUSTEE)
    signers = [trustee, director, *(acting_for(key, Role.BID_MANAGER) for key in partners)]
    _extend(contract, signers)
    _add_money(contract, director, trustee)


def _set_places(contract: Contract, partners: dict[str, ContractPartner]) -> None:
    manager = acting_for(key_of(contract.provider_id), Role.SERVICE_MANAGER)
    area = partners[PAID_EVERY_MONTH].areas[0].area
    wanted = {partners[key].id: number for key, number in PLACES.items() if key in partners}
    with on_the_day(moment_of(contract.starts_on + timedelta(days=3))):
        set_places(area.id, area.places, manager, wanted)


def _pay(contract: Contract, key: str, partner: ContractPartner) -> None:
    """One is paid every month and confirms it; of the other only two months are stated."""
    finance = acting_for(key_of(contract.provider_id), Role.FINANCE)
    manager = acting_for(key, Role.BID_MANAGER)
    months = payments.months_to_state(contract, partner)[::-1][:-1]
    for number, month in enumerate(months if key == PAID_EVERY_MONTH else months[:2]):
        # Of the first month nothing was approved before the contract was live.
        pence = owed_for(partner, month) or partner.promised_pence // contract.value_term_months
        stated_at = _after(month, 9)
        paid_on = calendar.day_of(stated_at) - timedelta(days=1)
        with on_the_day(stated_at):
            payment = payments.state_payment(partner.id, month, pence, finance, paid_on)
        db.session.flush()
        with on_the_day(_after(month, 12)):
            if key == SELDOM_PAID and number == 1:
                payments.dispute(payment.id, payment.pence, DISPUTED, manager)
            elif month != months[-1]:
                payments.confirm(payment.id, pence, manager)


def _after(month: date, days: int) -> datetime:
    return min(moment_of(month + timedelta(days=30 + days)), moment_of(clock.today()))


def _extend(contract: Contract, signers: list[Acting]) -> None:
    """Both sides sign, and the partners, whose promises grow with the term."""
    manager = acting_for(key_of(contract.buyer_id), Role.CONTRACT_MANAGER)
    day = clock.today() - timedelta(days=20)
    with on_the_day(moment_of(day)):
        asked = {"months": EXTENDED_BY}
        proposal = changes.Proposal(ChangeKind.EXTENSION, asked, WHY_LONGER, day)
        change = changes.propose(contract.id, proposal, manager)
        db.session.flush()
    for days, signer in enumerate(signers, 1):
        with on_the_day(moment_of(day + timedelta(days=days))):
            changes.sign(change.id, signer.name, change.text_hash, signer)
            db.session.flush()


def _add_money(contract: Contract, director: Acting, trustee: Acting) -> None:
    """A funder adds money to the running contract; its own signature is waited for."""
    manager = acting_for(key_of(contract.buyer_id), Role.CONTRACT_MANAGER)
    shares = shares_of(contract) | {organisation(FUNDER).id: ADDED_PENCE}
    asked = {
        "value_pence": contract.value_pence + ADDED_PENCE,
        "price_pence": price_of(contract) + 50_000,
        "shares": shares,
    }
    day = clock.today() - timedelta(days=6)
    first = (clock.today().replace(day=1) + timedelta(days=40)).replace(day=1)
    with on_the_day(moment_of(day)):
        proposal = changes.Proposal(ChangeKind.VALUE, asked, WHY_MORE, first)
        change = changes.propose(contract.id, proposal, manager)
        db.session.flush()
    for days, signer in ((1, trustee), (3, director)):
        with on_the_day(moment_of(day + timedelta(days=days))):
            changes.sign(change.id, signer.name, change.text_hash, signer)
            db.session.flush()
