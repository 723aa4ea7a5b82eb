"""Lots that were awarded and contracts in life, for tests of what stands on them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import selectinload

from lots.contracts import actions
from lots.contracts.models import Contract, ContractState
from lots.contracts.pricing.drawing import draw_list
from lots.models import Lot, LotArea
from lots.vocabulary import LotState, PaymentProfile, PriceBasis, Route
from marketplace import calendar, clock
from marketplace.acting import OrganisationKind
from marketplace.database import db, new_id
from marketplace.fresh import fresh_reference
from marketplace.organisations.models import Organisation
from tests.support.people import make_organisation, written

TERM_MONTHS = 36
PRICE = 500_00


def make_contract(
    provider: Organisation | None = None,
    buyer: Organisation | None = None,
    *,
    region_code: str = "K",
    area_codes: tuple[str | None, ...] = ("kent",),
    places: int = 20,
    service_code: str = "accommodation",
    cohort: str | None = None,
    price_basis: PriceBasis = PriceBasis.PER_START,
    price: int = PRICE,
    term_months: int = TERM_MONTHS,
    starts_on: date | None = None,
    **lot_facts: Any,
) -> Contract:
    """A contract drawn up from an awarded lot, not signed; `price` in pence by its basis.

    A fee is paid when its month is over, unless `payment_profile` says otherwise.
    """
    with written():
        provider = provider or make_organisation(name="Harbour Trust")
        buyer = buyer or make_organisation(OrganisationKind.REGION, region_code=region_code)
        given = {
            "title": "A place to live",
            "route": Route.CONTRACT,
            "value_net_pence": 30_000_000,
            "value_gross_pence": 36_000_000,
            "created_at": clock.now(),
            "awarded_at": clock.now(),
            "payment_profile": PaymentProfile.MONTHLY_IN_ARREARS,
        }
        lot = Lot(
            id=new_id(),
            reference=fresh_reference(Lot, "LOT"),
            state=LotState.AWARDED,
            lead_buyer_id=buyer.id,
            service_code=service_code,
            cohort=cohort,
            price_basis=price_basis,
            term_months=term_months,
            starts_on=starts_on,
            **(given | lot_facts),
        )
        lot.areas = [
            LotArea(id=new_id(), region_code=region_code, area_code=code, places=places)
            for code in area_codes
        ]
        db.session.add(lot)
        db.session.flush()
        contract_id = actions.draw_up(lot, provider.id, price, None).id
        return _let_go(contract_id)


def make_live_contract(provider: Organisation | None = None, **facts: Any) -> Contract:
    """A contract live since 30 days ago, all its places set and free; options of `make_contract`.

    Its areas, `contract.areas`, stand in the order of their codes.
    """
    with written():
        contract = db.session.merge(make_contract(provider, **facts))
        first = clock.today() - timedelta(days=30)
        contract.state = ContractState.LIVE
        contract.starts_on = first
        # Its prices and instalments count from there.
        lot = db.session.get_one(Lot, contract.lot_id)
        draw_list(contract, lot, facts.get("price", PRICE))
        contract.live_at = contract.signed_at = calendar.start_of(first)
        for area in contract.areas:
            area.starts_on = first
            area.places = area.contracted_places
            area.places_set_at = area.opened_at = contract.live_at
        db.session.flush()
        return _let_go(contract.id)


def _let_go(contract_id: Any) -> Contract:
    contract = db.session.get_one(
        Contract, contract_id, options=[selectinload(Contract.areas)], populate_existing=True
    )
    for area in contract.areas:
        db.session.expunge(area)
    db.session.expunge(contract)
    return contract
