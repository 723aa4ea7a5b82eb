"""Lots with several funders, and funds with budgets, made by the product's own actions."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from lots.funding import actions, cosigning, fund_actions
from lots.funding.actions import locked, shares_seen
from lots.funding.models import Fund, FunderState, LotFunder
from lots.funding.parties import shares_of
from lots.funding.signing import terms_hash
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import clock
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.calendar import financial_year
from marketplace.database import db, new_id, write
from marketplace.organisations.models import Organisation
from tests.support import bids
from tests.support.contracts import make_live_contract
from tests.support.lots import make_lot, whole_lot
from tests.support.people import acting_as, make_organisation, make_person, written

TODAY = date(2026, 4, 1)
LEADS = {OrganisationKind.REGION: Role.COMMISSIONING_OFFICER}
DECIDES = {OrganisationKind.REGION: Role.DIRECTOR}


def lead_of(organisation: Organisation) -> Acting:
    """Who arranges and answers for a buyer of any kind."""
    role = LEADS.get(organisation.kind, Role.COMMISSIONER_LEAD)
    return acting_as(make_person(role, organisation), organisation)


def decider_of(organisation: Organisation) -> Acting:
    """Who publishes and signs for a buyer of any kind."""
    role = DECIDES.get(organisation.kind, Role.DECISION_MAKER)
    return acting_as(make_person(role, organisation), organisation)


def make_funder(kind: OrganisationKind = OrganisationKind.PCC, **facts: Any) -> Organisation:
    """A buyer that can be asked for money: somebody there can answer."""
    funder = make_organisation(kind, **facts)
    lead_of(funder)
    return funder


def invite(lot: Lot, funder: Organisation, pence: int) -> None:
    """The lead buyer asks for a share."""
    with written():
        actions.invite(lot.id, funder.id, pence, "", lead_of(lot.lead_buyer))


def accept(lot: Lot, funder: Organisation, asks_to_sign: bool = True) -> None:
    """The funder accepts its share as it stands."""
    by = lead_of(funder)
    with written():
        actions.accept(lot.id, shares(lot.id)[funder.id], asks_to_sign, by)


def make_funded_lot(*pence: int, asks_to_sign: bool = True, **facts: Any) -> Any:
    """(lot, funders): a complete draft with one accepted funder for each amount."""
    lot = make_lot(LotState.DRAFT, **facts)
    funders = [make_funder() for _amount in pence]
    for funder, amount in zip(funders, pence, strict=True):
        invite(lot, funder, amount)
        accept(lot, funder, asks_to_sign)
    return whole_lot(lot.id), funders


def save(lot: Lot, pence_of: dict[UUID, int], fund_id: UUID | None = None) -> None:
    """The lead buyer sets the shares as they are typed on the page."""
    by = lead_of(lot.lead_buyer)
    with written():
        actions.save_shares(lot.id, pence_of, fund_id, shares_seen(locked(lot.id)), by)


def shares(lot_id: UUID) -> dict[UUID, int]:
    """Pence by organisation, as they stand now."""
    db.session.expire_all()
    lot = db.session.get_one(Lot, lot_id)
    return {each.organisation.id: each.pence for each in shares_of(lot)}


def sign(lot: Lot, organisation: Organisation, by: Acting | None = None) -> Acting:
    """Somebody of the organisation co-signs the lot as it stands; returns who."""
    by = by or decider_of(organisation)
    db.session.expire_all()
    seen = terms_hash(db.session.get_one(Lot, lot.id))
    with written():
        cosigning.sign_publication(lot.id, seen, by)
    return by


def make_fund(owner: Organisation, budgets: dict[int, int] | None = None, **facts: Any) -> Fund:
    """A fund in force for long, with these budgets in pence by financial year."""
    by = lead_of(owner)
    values = {
        "name": "Local fund",
        "name_cy": "",
        "services": [],
        "valid_from": date(2020, 4, 1),
        "valid_to": None,
        "needs_sentence": True,
        "needs_rar_days": True,
        "needs_end_within_sentence": True,
    }
    with written():
        fund = fund_actions.start_fund(values | facts, by)
        for year, pence in (budgets or {}).items():
            fund_actions.set_budget(fund.id, year, pence, by)
        fund_id = fund.id
        db.session.flush()
    return db.session.get_one(Fund, fund_id)


def budgets_from_now(pence: int, years: int = 8) -> dict[int, int]:
    """The same budget for this financial year and those after it."""
    now = financial_year(clock.today())
    return {now + ahead: pence for ahead in range(years)}


def add_to(world: Any) -> None:
    """Into the world: a draft paid for by two more, an award to co-sign, and a fund."""
    region, pcc = world.people["director"][1], world.people["pcc decision maker"][1]
    other = world.people["buyer decision maker"][1]
    officer = world.by("commissioning officer")
    lot = make_lot(LotState.DRAFT, buyer=region, areas=[("K", "kent", 30), ("K", "sussex", 20)])
    with write():
        row = actions.invite(lot.id, pcc.id, 60_000_00, "For Kent.", officer)
        actions.accept(lot.id, 60_000_00, True, world.by("pcc commissioner lead"))
        actions.invite(lot.id, other.id, 10_000_00, "For gardens.", officer)
        world.things["funded lot"] = {"lot_id": lot.id, "funder_id": row.id}
        drawn = db.session.get_one(Lot, lot.id)
        fund = fund_actions.start_fund({"name": "Local fund", "valid_from": TODAY}, officer)
        drawn.fund_id = fund.id
        world.things["fund"] = {"fund_id": fund.id}
    award_to_cosign(world)
    paid = make_live_contract(world.people["trustee"][1], buyer=region)
    make_payer(db.session.get_one(Lot, paid.lot_id), pcc)
    world.things["contract paid together"] = {"contract_id": paid.id}


def award_to_cosign(world: Any) -> None:
    """A recommendation on a lot of which the commissioner pays a share."""
    facts = {"buyer": world.people["director"][1], "areas": [("K", "kent", 30)]}
    bidders = (world.people["trustee"][1], world.people["other trustee"][1])
    made = bids.recommended_competition(**facts, bidders=bidders)
    make_payer(made.lot, world.people["pcc decision maker"][1])
    world.things["evaluation to co-sign"] = {"evaluation_id": made.evaluation_id}


def make_payer(lot: Lot, funder: Organisation, pence: int = 60_000_00) -> None:
    """Write that somebody pays a share of a lot that has opened, and co-signs."""
    inviter = lot.drafted_by_id or lead_of(lot.lead_buyer).person_id
    with written():
        facts = {
            "lot_id": lot.id,
            "state": FunderState.ACCEPTED,
            "invited_by_id": inviter,
            "invited_at": clock.now(),
        }
        rest = (lot.value_net_pence or 0) - pence
        db.session.add_all(
            LotFunder(
                id=new_id(), organisation_id=who, share_pence=share, asks_to_sign=True, **facts
            )
            for who, share in ((lot.lead_buyer_id, rest), (funder.id, pence))
        )
        db.session.flush()
    db.session.expire_all()


def grow(world: Any, times: int) -> None:
    """More of what the lists of this room show."""
    region, pcc = world.people["director"][1], world.people["pcc decision maker"][1]
    officer = world.by("commissioning officer")
    for number in range(times):
        lot = make_lot(LotState.DRAFT, buyer=region, areas=[("K", "kent", 30)])
        with write():
            actions.invite(lot.id, pcc.id, 60_000_00, "", officer)
            values = {"name": f"Fund {number}", "valid_from": TODAY}
            fund = fund_actions.start_fund(values, officer)
            db.session.get_one(Lot, lot.id).fund_id = fund.id
