"""The market report: what was live on a day, counted by the rule of section 10 of the domain."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from lots.contracts.models import Contract, ContractArea
from lots.contracts.partners.models import ContractPartner, PartnerPayment, PaymentState
from lots.market.days_to_pay import days_to_pay
from lots.releases.values import pounds
from marketplace.areas.queries import region_names
from marketplace.calendar import end_of
from marketplace.categories.queries import service_codes
from marketplace.database import db
from marketplace.organisations.models import IncomeBand, Organisation
from marketplace.registry import measures

DAY_ONE = date(2021, 6, 26)
# The name, among the measures, of what the floor of bids tells of decided competitions.
DECIDED_BIDS = "decided bids"
# The income of a provider that was loaded with a published award.
UNKNOWN = "unknown"
# The day after the last day there is has no first moment.
LAST_DAY = date(9999, 12, 30)


@dataclass(frozen=True)
class LiveContracts:
    """The contracts of one award line live in one area (None: its whole region) on the day."""

    line: UUID
    service_code: str
    region_code: str
    area_code: str | None
    provider_id: UUID
    provider: str
    is_voluntary: bool
    income_band: IncomeBand | None
    value_pence: int
    is_demonstration: bool
    contracts: int


def live_contracts(on: date, demonstration: bool = False) -> list[LiveContracts]:
    """What was live on `on`, with the demonstration's contracts where asked; one statement."""
    moment = end_of(min(on, LAST_DAY))
    columns = (
        Contract.id,
        Contract.service_code,
        ContractArea.region_code,
        ContractArea.area_code,
        Contract.provider_id,
        Organisation.name,
        Organisation.is_voluntary,
        Organisation.income_band,
        Contract.value_pence,
        Contract.is_demonstration,
    )
    statement = (
        select(*columns, func.count())
        .join(ContractArea, ContractArea.contract_id == Contract.id)
        .join(Organisation, Organisation.id == Contract.provider_id)
        .where(ContractArea.starts_on <= on, ContractArea.ends_on >= on, Contract.live_at < moment)
        .where(or_(ContractArea.closed_at.is_(None), ContractArea.closed_at >= moment))
        .where(_counted(demonstration))
        .group_by(*columns)
        .order_by(Organisation.name, ContractArea.region_code, ContractArea.area_code)
    )
    rows: Sequence[Any] = db.session.execute(statement).all()
    return [LiveContracts(*row) for row in rows]


def first_and_last_day(demonstration: bool = False) -> tuple[date, date] | None:
    """The first and the last day on which a contract is live; None where none ever is."""
    first, last = db.session.execute(
        select(func.min(ContractArea.starts_on), func.max(ContractArea.ends_on))
        .join(Contract, ContractArea.contract_id == Contract.id)
        .where(Contract.live_at.is_not(None), _counted(demonstration))
    ).one()
    return (first, last) if first else None


def _counted(demonstration: bool) -> ColumnElement[bool]:
    """Real records only, unless the demonstration's are asked for as well."""
    return or_(Contract.is_demonstration.is_(False), Contract.is_demonstration.is_(demonstration))


@dataclass
class Tally:
    """Figures of one part of the market; sets hold what is counted once."""

    contracts: int = 0
    voluntary_contracts: int = 0
    providers: set[UUID] = field(default_factory=set)
    voluntary_providers: set[UUID] = field(default_factory=set)
    lines: dict[UUID, int] = field(default_factory=dict)
    voluntary_lines: dict[UUID, int] = field(default_factory=dict)

    def count(self, live: LiveContracts) -> None:
        """Add contracts; money and lines are held once however many contracts a line has."""
        self.contracts += live.contracts
        self.providers.add(live.provider_id)
        self.lines[live.line] = live.value_pence
        if live.is_voluntary:
            self.voluntary_contracts += live.contracts
            self.voluntary_providers.add(live.provider_id)
            self.voluntary_lines[live.line] = live.value_pence

    def figures(self) -> dict[str, Any]:
        """The figures published for a service or region."""
        return {
            "contracts": self.contracts,
            "voluntary_contracts": self.voluntary_contracts,
            "lead_providers": len(self.providers),
            "voluntary_lead_providers": len(self.voluntary_providers),
            "value_gbp": pounds(sum(self.lines.values())),
        }

    def voluntary_value_share(self) -> float | None:
        """The voluntary sector's part of the money, 0 to 1; None where no money counts."""
        whole = sum(self.lines.values())
        return sum(self.voluntary_lines.values()) / whole if whole else None


def market_report(on: date, demonstration: bool = False) -> dict[str, Any]:
    """The market on `on`, in the shape of the open data; few statements, however much is live."""
    live = live_contracts(on, demonstration)
    return report_of(on, live, demonstration) | {
        "supply_chain": supply_chain({each.line for each in live}),
        "bids": bids_decided(on, demonstration),
        "days_to_pay": days_to_pay(min(on, LAST_DAY), demonstration),
    }


def report_of(
    on: date, live: Sequence[LiveContracts], demonstration: bool = False
) -> dict[str, Any]:
    """Count what was live. A line over several regions counts whole in each of them.

    A service of day one is listed even where nothing is live, every other once it is bought.
    """
    whole = Tally()
    bands: dict[str, Tally] = {}
    listed = list(service_codes(DAY_ONE))
    listed += sorted({each.service_code for each in live} - set(listed))
    services = {code: Tally() for code in listed}
    regions = {code: Tally() for code in sorted(region_names())}
    for each in live:
        band = bands.setdefault(each.income_band or UNKNOWN, Tally())
        for tally in (whole, band, services[each.service_code], regions[each.region_code]):
            tally.count(each)
    report: dict[str, Any] = {
        "on": on.isoformat(),
        "contracts": whole.contracts,
        "lead_providers": len(whole.providers),
        "voluntary_lead_providers": len(whole.voluntary_providers),
        "awards": len(whole.lines),
        "value_gbp": pounds(sum(whole.lines.values())),
        "voluntary_value_share": whole.voluntary_value_share(),
        "services": {code: tally.figures() for code, tally in services.items()},
        "regions": {code: tally.figures() for code, tally in regions.items()},
        "income_bands": {
            code: bands[code].figures() for code in (*IncomeBand, UNKNOWN) if code in bands
        },
    }
    if demonstration:
        fictional = sum(each.contracts for each in live if each.is_demonstration)
        report["demonstration"] = {"included": True, "contracts": fictional}
    return report


def supply_chain(contracts: Collection[UUID]) -> dict[str, Any]:
    """What partners of these contracts are promised, and what they confirm they were paid."""
    takes_part = ContractPartner.contract_id.in_(contracts)
    partners, promised = db.session.execute(
        select(
            func.count(ContractPartner.organisation_id.distinct()),
            func.coalesce(func.sum(ContractPartner.promised_pence), 0),
        ).where(takes_part)
    ).one()
    paid = db.session.scalar(
        select(func.coalesce(func.sum(PartnerPayment.pence), 0))
        .join(PartnerPayment.partner)
        .where(takes_part, PartnerPayment.state == PaymentState.CONFIRMED)
    )
    # PostgreSQL adds up 64-bit numbers as decimals.
    return {
        "partners": partners,
        "promised_gbp": pounds(int(promised)),
        "paid_gbp": pounds(int(paid or 0)),
    }


def bids_decided(on: date, demonstration: bool = False) -> dict[str, Any]:
    """Hours and success of bids in competitions decided by the end of `on`."""
    return measures()[DECIDED_BIDS](end_of(min(on, LAST_DAY)), demonstration)
