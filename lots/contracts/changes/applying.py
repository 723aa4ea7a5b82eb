"""A signed change applied to its contract, in the transaction that puts it in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from lots.contracts.changes.models import ChangeKind, ContractChange, ContractShare
from lots.contracts.changes.terms import partners_of
from lots.contracts.models import Contract, ContractArea, ContractState
from lots.contracts.partners.models import ContractAreaPartner, ContractPartner
from lots.contracts.partners.places import fit_partners
from lots.contracts.pricing import changing as pricing
from lots.prices.arithmetic import Price
from lots.vocabulary import PriceBasis
from marketplace import clock
from marketplace.database import db, new_id


def apply(change: ContractChange, contract: Contract, areas: list[ContractArea]) -> None:
    """Write what a change sets, whose day has come; `areas` are the contract's, locked by id."""
    KINDS[change.kind](contract, areas, change)
    db.session.flush()


def _value(contract: Contract, areas: list[ContractArea], change: ContractChange) -> None:
    after = change.after
    _set_prices(contract, change)
    contract.value_pence = after["value_pence"]
    if contract.price_basis == PriceBasis.MONTHLY_FEE:
        contract.monthly_fee_pence = after["price_pence"]
    elif contract.price_basis == PriceBasis.PER_START:
        contract.unit_price_pence = after["price_pence"]
    _set_shares(contract, after["shares"])


def _set_prices(contract: Contract, change: ContractChange) -> None:
    after = change.after
    found = pricing.of_rows(after.get("prices", []))
    one = pricing.one_price(contract)
    if not found and one is not None and after.get("price_pence") is not None:
        found = [Price(one, after["price_pence"])]
    if found:
        pricing.set_prices(contract, found, max(change.effective_on, clock.today()))


def _set_shares(contract: Contract, shares: list[Any]) -> None:
    db.session.execute(delete(ContractShare).where(ContractShare.contract_id == contract.id))
    db.session.add_all(
        ContractShare(contract_id=contract.id, organisation_id=UUID(key), pence=pence)
        for key, pence in shares
    )


def _moved(contract: Contract, areas: list[ContractArea], change: ContractChange) -> None:
    """The last day of the contract moves that of every area that runs as long as it does."""
    after, old = change.after, contract.ends_on
    last = date.fromisoformat(after["ends_on"])
    for area in areas:
        if area.closed_at is None and (area.ends_on == old or area.ends_on > last):
            area.ends_on = max(last, area.starts_on)
    _set_prices(contract, change)
    contract.ends_on, contract.value_pence = last, after["value_pence"]
    contract.value_term_months = after["term_months"]
    promised = {UUID(key): pence for key, pence in after["promised"]}
    for partner in partners_of(contract):
        partner.promised_pence = promised.get(partner.organisation_id, partner.promised_pence)
    _set_shares(contract, after["shares"])


def _areas(contract: Contract, areas: list[ContractArea], change: ContractChange) -> None:
    """What leaves takes nobody new; whoever holds a place there keeps it until the case ends."""
    first = max(change.effective_on, clock.today())
    for area in areas:
        if str(area.id) in change.after["left"]:
            area.closed_at = area.closed_at or clock.now()
            area.ends_on = max(min(area.ends_on, first - timedelta(days=1)), area.starts_on)
    opened = clock.now() if contract.state == ContractState.LIVE else None
    for joined in change.after["joined"]:
        db.session.add(
            ContractArea(
                id=new_id(),
                contract_id=contract.id,
                region_code=joined["region_code"],
                area_code=joined["area_code"],
                cohort=joined["cohort"],
                starts_on=max(first, contract.starts_on),
                ends_on=contract.ends_on,
                contracted_places=joined["places"],
                opened_at=opened,
            )
        )
    db.session.flush()
    db.session.expire(contract, ["areas"])


def _places(contract: Contract, areas: list[ContractArea], change: ContractChange) -> None:
    """Fewer places than are held are wanted: the limit falls as cases end (domain, 7)."""
    for area in areas:
        number = change.after["places"].get(str(area.id))
        if number is None or number == area.contracted_places:
            continue
        area.contracted_places = number
        if area.places > number:
            below = number < area.reserved
            area.wanted_places = number if below else None
            area.places = area.reserved if below else number
            fit_partners(area, number)
        elif area.wanted_places is not None and area.wanted_places > number:
            area.wanted_places = number


def _scope(contract: Contract, areas: list[ContractArea], change: ContractChange) -> None:
    """What is delivered stands in the signed text alone."""


def _partners(contract: Contract, areas: list[ContractArea], change: ContractChange) -> None:
    """Who leaves keeps its row and payments; who comes back takes its old row up again."""
    rows = {UUID(key): (pence, role) for key, pence, role in change.after["partners"]}
    of_contract = select(ContractPartner).where(ContractPartner.contract_id == contract.id)
    known = {each.organisation_id: each for each in db.session.scalars(of_contract)}
    for organisation_id, partner in known.items():
        if organisation_id not in rows and partner.removed_at is None:
            partner.removed_at = clock.now()
            for part in partner.areas:
                part.places = 0
    for organisation_id, (pence, role) in rows.items():
        partner = known.get(organisation_id) or _joined(contract, organisation_id, change)
        partner.promised_pence, partner.role, partner.removed_at = pence, role, None
        _in_areas(partner, areas, change.after.get("areas", {}).get(str(organisation_id), []))


def _joined(contract: Contract, organisation_id: UUID, change: ContractChange) -> ContractPartner:
    partner = ContractPartner(
        id=new_id(),
        contract_id=contract.id,
        organisation_id=organisation_id,
        joined_on=max(change.effective_on, clock.today()),
    )
    partner.areas = []
    db.session.add(partner)
    return partner


def _in_areas(partner: ContractPartner, areas: list[ContractArea], named: list[str]) -> None:
    """A partner keeps its areas; those named are added."""
    held = {part.contract_area_id for part in partner.areas}
    partner.areas += [
        ContractAreaPartner(contract_area_id=area.id, places=0)
        for area in areas
        if str(area.id) in named and area.id not in held
    ]


KINDS: dict[ChangeKind, Callable[[Contract, list[ContractArea], ContractChange], None]] = {
    ChangeKind.VALUE: _value,
    ChangeKind.TERM: _moved,
    ChangeKind.EXTENSION: _moved,
    ChangeKind.AREAS: _areas,
    ChangeKind.PLACES: _places,
    ChangeKind.SCOPE: _scope,
    ChangeKind.PARTNERS: _partners,
}
