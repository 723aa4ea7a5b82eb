"""Who takes part in paying for a lot, and who must co-sign it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import g
from sqlalchemy import ColumnElement, or_, select

from lots.funding.arithmetic import split
from lots.funding.models import TAKES_PART, Fund, FunderState, LotFunder
from lots.models import Lot
from marketplace.acting import Acting, OrganisationKind
from marketplace.areas.queries import region_names
from marketplace.database import db, writing
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours

# Whoever can lead a lot can fund one: a prison that buys takes part as an other buyer.
BUYER_KINDS = (OrganisationKind.REGION, OrganisationKind.PCC, OrganisationKind.OTHER_BUYER)


@dataclass(frozen=True)
class Share:
    """One share of the value in pence; `funder` is None for a lead buyer who never invited."""

    organisation: Organisation
    pence: int
    is_lead: bool
    funder: LotFunder | None


@dataclass(frozen=True)
class Signer:
    """Somebody who must co-sign: a funder, or any organisation that is the probation region."""

    name: str
    organisation_ids: frozenset[UUID]


def shares_of(lot: Lot) -> list[Share]:
    """The shares, the lead buyer's first. A lead buyer without other funders pays it all."""
    rows = {each.organisation_id: each for each in lot.funders if each.state in TAKES_PART}
    own = rows.pop(lot.lead_buyer_id, None)
    value = lot.value_net_pence or 0
    lead = Share(lot.lead_buyer, own.share_pence if own and rows else value, True, own)
    return [
        lead,
        *(Share(each.organisation, each.share_pence, False, each) for each in rows.values()),
    ]


def proportions(lot: Lot, total: int) -> dict[UUID, int]:
    """`total` pence (with VAT, of an extension, of a claim) by the shares; adds up exactly."""
    shares = shares_of(lot)
    parts = split(total, [each.pence for each in shares])
    return {each.organisation.id: part for each, part in zip(shares, parts, strict=True)}


def off_by(lot: Lot) -> int:
    """Pence by which the shares exceed the lot's value; negative where some are missing."""
    return sum(each.pence for each in shares_of(lot)) - (lot.value_net_pence or 0)


def co_signing_regions(lot: Lot) -> list[str]:
    """Codes of the regions whose directors co-sign because the lot reaches into them.

    A region co-signs what another region buys in it. A commissioner or other buyer that stays in
    one region buys there alone; beyond that every region co-signs but the buyer's own.
    """
    reached = {area.region_code for area in lot.areas}
    alone = lot.lead_buyer.kind != OrganisationKind.REGION and len(reached) == 1
    return [] if alone else sorted(reached - {lot.lead_buyer.region_code})


def signers(lot: Lot) -> list[Signer]:
    """Every funder that asks for it, and every co-signing region."""
    asking = [
        each.funder.organisation
        for each in shares_of(lot)
        if not each.is_lead and each.funder and _asks(each.funder)
    ]
    found = [Signer(each.name, frozenset({each.id})) for each in asking]
    has_asked = {each.id for each in asking}
    codes = co_signing_regions(lot)
    if not codes:
        return found
    names, known = region_names(), region_organisations(lot.is_demonstration)
    for code in codes:
        ids = frozenset(known.get(code, ()))
        if not ids & has_asked:
            found.append(Signer(names.get(code, code), ids))
    return found


def _asks(funder: LotFunder) -> bool:
    return funder.asks_to_sign and funder.state == FunderState.ACCEPTED


def region_organisations(demonstration: bool) -> dict[str, list[UUID]]:
    """The organisations that are a region, by its code; read once for a page."""
    known = {} if writing() else g.setdefault("region_organisations", {})
    if demonstration not in known:
        regions = select(Organisation.region_code, Organisation.id).where(
            Organisation.kind == OrganisationKind.REGION,
            Organisation.is_demonstration.is_(demonstration),
            Organisation.source == "own",
        )
        found: dict[str, list[UUID]] = {}
        for code, organisation_id in db.session.execute(regions):
            found.setdefault(code or "", []).append(organisation_id)
        known[demonstration] = found
    return known[demonstration]


def takes_part(by: Acting, lot: Lot) -> bool:
    """The organisation acted for funds the lot, is invited to, or must co-sign it."""
    own = own_row(by, lot)
    return (own is not None and own.state in TAKES_PART) or must_sign(by, lot)


def must_sign(by: Acting, lot: Lot) -> bool:
    """The organisation acted for must co-sign the lot."""
    return any(by.organisation_id in each.organisation_ids for each in signers(lot))


def own_row(by: Acting, lot: Lot) -> LotFunder | None:
    """The funder's row of the organisation acted for, unless it leads the lot."""
    if lot.lead_buyer_id == by.organisation_id:
        return None
    return next((each for each in lot.funders if each.organisation_id == by.organisation_id), None)


def row_of(lot: Lot, funder_id: UUID) -> LotFunder:
    """One funder's row of this lot; raises NotYours for none and for the lead buyer's own."""
    for each in lot.funders:
        if each.id == funder_id and each.organisation_id != lot.lead_buyer_id:
            return each
    raise NotYours(funder_id)


def invitable(lot: Lot) -> Sequence[Organisation]:
    """Buyers of every kind that could be asked for money and do not take part yet, by name."""
    taking_part = {each.organisation.id for each in shares_of(lot)}
    found = (
        select(Organisation)
        .where(
            Organisation.kind.in_(BUYER_KINDS),
            Organisation.source == "own",
            Organisation.is_demonstration.is_(lot.is_demonstration),
            Organisation.id.not_in(taking_part),
        )
        .order_by(Organisation.name)
    )
    return db.session.scalars(found).all()


def funds_of(buyer: Organisation) -> ColumnElement[bool]:
    """The condition for a buyer's own funds, and those of the region that it is."""
    own = Fund.organisation_id == buyer.id
    if buyer.kind == OrganisationKind.REGION:
        return or_(own, Fund.region_code == buyer.region_code)
    return own
