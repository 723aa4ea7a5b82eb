"""Load published awards as competitions concluded, contracts and the organisations behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea, ContractState
from lots.market.awards import AwardLine, Known, read_awards
from lots.models import Lot, LotArea
from lots.releases import day_one
from lots.releases.models import Release
from lots.vocabulary import LotState, Route, Source
from marketplace import audit, clock
from marketplace.acting import OrganisationKind
from marketplace.areas.models import Area
from marketplace.areas.queries import area_names, region_names
from marketplace.calendar import end_of, start_of
from marketplace.categories.models import Service
from marketplace.categories.queries import cohort_names, service_names
from marketplace.database import db
from marketplace.organisations.models import Organisation

DAY_ONE = Path(__file__).parent / "data" / "day_one_awards.csv"


@dataclass
class Organisations:
    """The organisations that award lines name, made where they are missing."""

    providers: dict[str, Organisation]
    buyers: dict[str, Organisation]

    @classmethod
    def known(cls) -> Organisations:
        """Those loaded earlier, in two statements."""
        loaded = select(Organisation).where(Organisation.source == Source.PUBLISHED)
        providers = db.session.scalars(loaded.where(Organisation.kind == OrganisationKind.PROVIDER))
        regions = select(Organisation).where(
            Organisation.kind == OrganisationKind.REGION, Organisation.is_demonstration.is_(False)
        )
        return cls(
            {found.name: found for found in providers},
            {found.region_code or "": found for found in db.session.scalars(regions)},
        )

    def provider(self, line: AwardLine) -> Organisation:
        """The line's lead provider."""
        if line.lead_provider not in self.providers:
            self.providers[line.lead_provider] = _added(
                OrganisationKind.PROVIDER, line.lead_provider, is_voluntary=line.is_voluntary
            )
        return self.providers[line.lead_provider]

    def buyer(self, region_code: str, region_name: str) -> Organisation:
        """The probation region that bought."""
        if region_code not in self.buyers:
            self.buyers[region_code] = _added(
                OrganisationKind.REGION, f"Probation Service: {region_name}", region_code
            )
        return self.buyers[region_code]


def _added(
    kind: OrganisationKind, name: str, region_code: str | None = None, is_voluntary: bool = False
) -> Organisation:
    organisation = Organisation(
        kind=kind,
        name=name,
        region_code=region_code,
        is_voluntary=is_voluntary,
        source=Source.PUBLISHED,
        created_at=clock.now(),
    )
    db.session.add(organisation)
    db.session.flush()
    return organisation


def known_codes() -> Known:
    """The codes that award files may use."""
    areas = db.session.execute(select(Area.code, Area.region_code).order_by(Area.valid_from))
    return Known(
        regions=frozenset(region_names()),
        areas=dict(areas.all()),
        services=frozenset(service_names()),
        cohorts=frozenset(cohort_names()),
    )


def load_awards(path: Path, advance: Callable[[], None] = lambda: None) -> int:
    """Add the awards of a file inside a write; those loaded earlier stay as they are.

    One loaded before releases were written is published now. Calls `advance` after each line and
    returns how many were added. Raises BadAwardsFile, before anything is added.
    """
    lines = read_awards(path, known_codes())
    there = set(db.session.scalars(select(Contract.award_line)))
    untold = _without_release()
    organisations, names = Organisations.known(), Names.all()
    for line in lines:
        if line.award not in there:
            _add(line, organisations, names)
        elif line.award in untold:
            contract = untold[line.award]
            lot = db.session.get_one(Lot, contract.lot_id)
            day_one.publish(contract, lot, line.ends_early)
        advance()
    db.session.flush()
    return sum(line.award not in there for line in lines)


def _without_release() -> dict[str, Contract]:
    told = select(Release.contract_id).where(Release.contract_id.is_not(None))
    found = select(Contract).where(Contract.award_line.is_not(None), Contract.id.not_in(told))
    return {contract.award_line or "": contract for contract in db.session.scalars(found)}


@dataclass(frozen=True)
class Names:
    """Names of the codes that award lines use, and for whom a service always is."""

    regions: dict[str, str]
    areas: dict[str, str]
    services: dict[str, str]
    cohorts: dict[str, str | None]

    @classmethod
    def all(cls) -> Names:
        """All of them, in four statements."""
        cohorts = db.session.execute(select(Service.code, Service.cohort_code))
        return cls(region_names(), area_names(), service_names(), dict(cohorts.all()))

    def title(self, line: AwardLine) -> str:
        """What was bought and where."""
        where = ", ".join(self.areas[area] for area in line.pcc_areas)
        return f"{self.services[line.service]}: {where or self.regions[line.region_code]}"


def _add(line: AwardLine, organisations: Organisations, names: Names) -> None:
    buyer = organisations.buyer(line.region_code, names.regions[line.region_code])
    lot = Lot(
        reference=line.award,
        title=names.title(line),
        state=LotState.AWARDED,
        lead_buyer_id=buyer.id,
        service_code=line.service,
        cohort=line.cohorts[0] if len(line.cohorts) == 1 else names.cohorts[line.service],
        route=Route.CONTRACT,
        value_net_pence=line.value_pence,
        term_months=line.value_term_months,
        starts_on=line.start_date,
        source=Source.PUBLISHED,
        created_at=clock.now(),
        areas=[LotArea(region_code=line.region_code, area_code=area) for area in _areas(line)],
    )
    db.session.add(lot)
    db.session.flush()
    over = line.end_date < clock.today()
    contract = Contract(
        reference=line.award,
        award_line=line.award,
        lot_id=lot.id,
        provider_id=organisations.provider(line).id,
        buyer_id=buyer.id,
        state=ContractState.ENDED if over else ContractState.LIVE,
        route=Route.CONTRACT,
        service_code=line.service,
        value_pence=line.value_pence,
        value_kind=line.value_kind,
        value_term_months=line.value_term_months,
        starts_on=line.start_date,
        ends_on=line.end_date,
        live_at=start_of(line.start_date),
        ended_at=end_of(line.end_date) if over else None,
        source=Source.PUBLISHED,
        areas=list(_contract_areas(line)),
    )
    db.session.add(contract)
    db.session.flush()
    audit.record("contract:loaded", subject=contract, by=None, facts={"award": line.award})
    day_one.publish(contract, lot, line.ends_early)


def _areas(line: AwardLine) -> tuple[str | None, ...]:
    return line.pcc_areas or (None,)


def _contract_areas(line: AwardLine) -> Iterator[ContractArea]:
    for area, cohort in product(_areas(line), line.cohorts or (None,)):
        ends_on: date = line.ends_early.get(area or "", line.end_date)
        yield ContractArea(
            region_code=line.region_code,
            area_code=area,
            cohort=cohort,
            starts_on=line.start_date,
            ends_on=ends_on,
        )
