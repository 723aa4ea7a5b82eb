"""The funds of the demonstration, and which of them each of its lots draws on."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select

from lots.demonstration.data import Told
from lots.funding import fund_actions
from lots.funding.actions import save_shares, shares_seen
from lots.funding.fund_actions import ROIF, load_funds
from lots.funding.models import Fund
from lots.models import Lot
from lots.vocabulary import Route
from marketplace import clock
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.calendar import financial_year
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, days_ago, on_the_day, organisation

SERVICES_FUND = "Commissioned services"
SERVICES_FUND_CY = "Gwasanaethau a gomisiynir"
# (owner, name of a fund of its own or the region's innovation fund, budget of a year in pounds)
BUDGETS = (
    ("north-east", SERVICES_FUND, 900_000),
    ("north-east", ROIF, 120_000),
    ("yorkshire", SERVICES_FUND, 850_000),
    ("yorkshire", ROIF, 60_000),
    ("wales", SERVICES_FUND, 800_000),
    ("wales", ROIF, 90_000),
    ("commissioner", "Community safety fund", 75_000),
)
YEARS_BEFORE, YEARS_AHEAD = 1, 4
FROM = date(2021, 4, 1)


def build() -> None:
    """Give every buyer its funds with budgets, once."""
    with write():
        load_funds()
    for owner, name, pounds in BUDGETS:
        with write():
            if not (found := fund_of(owner, name)) or not found.years:
                with on_the_day(days_ago(400)):
                    _add(owner, name, pounds)


def keeper(owner: str) -> Acting:
    """Who keeps this buyer's funds."""
    is_region = organisation(owner).kind == OrganisationKind.REGION
    role = Role.COMMISSIONING_OFFICER if is_region else Role.COMMISSIONER_LEAD
    return acting_for(owner, role)


def fund_of(owner: str, name: str) -> Fund | None:
    """A buyer's fund by its name, None where it is not there yet."""
    buyer = organisation(owner)
    own = Fund.organisation_id == buyer.id
    if buyer.kind == OrganisationKind.REGION:
        own = or_(own, Fund.region_code == buyer.region_code)
    return db.session.scalars(select(Fund).where(own, Fund.name == name)).one_or_none()


def _add(owner: str, name: str, pounds: int) -> None:
    by = keeper(owner)
    fund = fund_of(owner, name)
    if fund is None:
        facts = {
            "name": name,
            "name_cy": SERVICES_FUND_CY if name == SERVICES_FUND else "",
            "services": [],
            "valid_from": FROM,
            "valid_to": None,
            "needs_sentence": name == SERVICES_FUND,
            "needs_rar_days": name == SERVICES_FUND,
            "needs_end_within_sentence": name == SERVICES_FUND,
        }
        fund = fund_actions.start_fund(facts, by)
    now = financial_year(clock.today())
    for year in range(now - YEARS_BEFORE, now + YEARS_AHEAD + 1):
        fund_actions.set_budget(fund.id, year, pounds * 100, by)


def draw_on_a_fund(told: Told, lot: Lot, officer: Acting) -> None:
    """Grants of a region draw on its innovation fund, all else on the buyer's own."""
    if told.buyer == "commissioner":
        name = "Community safety fund"
    else:
        name = ROIF if told.route == Route.GRANT else SERVICES_FUND
    fund = fund_of(told.buyer, name)
    if fund is not None:
        save_shares(lot.id, {}, fund.id, shares_seen(lot), officer)
