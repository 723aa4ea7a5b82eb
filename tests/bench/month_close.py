"""(h) Closing a month over 200 contracts and 100,000 open cases, against the plain SQL sum."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from lots.contracts.claims.closing import close_months
from lots.contracts.claims.models import Claim, ClaimLine
from lots.contracts.models import Contract, ContractArea
from lots.contracts.pricing.models import ContractPrice
from lots.vocabulary import Paid
from marketplace import calendar, clock
from marketplace.acting import OrganisationKind, Role
from marketplace.calendar import months_later
from marketplace.database import db, new_id, write
from referrals.codes import Complexity
from referrals.models import Referral, ReferralNeed
from tests.bench.report import Line
from tests.support.apps import make_app
from tests.support.contracts import make_live_contract
from tests.support.databases import PostgresDatabases
from tests.support.people import acting_as, make_organisation, make_person
from tests.support.referrals import send

CONTRACTS, CASES = 200, 100_000
QUICK = 20
BATCH = 5_000
PENCE = 50_000


def lines(on_postgres: PostgresDatabases, folder: Path, quick: bool) -> list[Line]:
    """Half of the cases started in the month, all are open; each start is claimed."""
    share = QUICK if quick else 1
    contracts, cases = CONTRACTS // share, CASES // share
    app = make_app(on_postgres.prepared("month_close"), folder)
    with app.app_context():
        month = months_later(clock.today().replace(day=1), -1)
        _fill(contracts, cases)
        start = time.perf_counter()
        plain = _plain_sum(month)
        direct = time.perf_counter() - start
        start = time.perf_counter()
        made = close_months(clock.now())
        closing = time.perf_counter() - start
        claimed = int(db.session.scalar(select(func.sum(ClaimLine.amount_pence))) or 0)
        assert made >= contracts, made
        assert claimed == plain, (claimed, plain)
        again = close_months(clock.now())
        assert again == 0
        held = db.session.scalar(select(func.count()).select_from(Claim))
    what = f"A month closed over {contracts} contracts, {cases:,} open cases, {held} claims"
    return [
        Line(f"(h) {what}", f"{closing:.1f} s"),
        Line("(h) The plain SQL sum of the same rows", f"{direct * 1000:.0f} ms"),
        Line("(h) Closing a month, as a multiple of the plain sum", f"{closing / direct:.0f}"),
        Line("(h) The same for each case", f"{closing / cases * 1000:.2f} ms"),
    ]


def _fill(contracts: int, cases: int) -> None:
    """Contracts of one provider and buyer, live since before the month, their cases alike."""
    region = make_organisation(OrganisationKind.REGION, region_code="K")
    provider = make_organisation(name="Harbour Trust")
    held = [make_live_contract(provider, buyer=region, price=PENCE) for _each in range(contracts)]
    areas = [each.areas[0].id for each in held]
    author = acting_as(make_person(Role.PRACTITIONER, region))
    pattern = db.session.get_one(Referral, send(areas[0], author).id)
    row = {column.key: getattr(pattern, column.key) for column in Referral.__table__.columns}
    month = months_later(clock.today().replace(day=1), -1)
    with write():
        first = calendar.start_of(month)
        db.session.execute(update(Contract).values(starts_on=month, live_at=first))
        db.session.execute(update(ContractArea).values(starts_on=month))
        db.session.execute(update(ContractPrice).values(valid_from=month))
    for begin in range(0, cases, BATCH):
        _write(row, areas, range(begin, min(begin + BATCH, cases)), first)


def _write(row: dict[str, Any], areas: list[UUID], numbers: range, first: datetime) -> None:
    referrals: list[dict[str, Any]] = []
    needs: list[dict[str, Any]] = []
    for number in numbers:
        key = new_id()
        facts = {
            "id": key,
            "reference": f"{number:06}BN",
            "send_key": str(key),
            "contract_area_id": areas[number // 2 % len(areas)],
            "started_at": first + timedelta(minutes=number % 40_000) if number % 2 else None,
        }
        referrals.append(row | facts)
        need = {"id": new_id(), "referral_id": key, "need_code": "debt", "position": 1}
        needs.append(need | {"complexity": list(Complexity)[number % 3]})
    with write():
        db.session.execute(insert(Referral.__table__), referrals)
        db.session.execute(insert(ReferralNeed.__table__), needs)


def _plain_sum(month: date) -> int:
    """What the month's starts come to, in one statement."""
    found = (
        select(func.sum(ContractPrice.pence))
        .select_from(Referral)
        .join(ContractArea, ContractArea.id == Referral.contract_area_id)
        .join(ContractPrice, ContractPrice.contract_id == ContractArea.contract_id)
        .where(
            ContractPrice.paid == Paid.START,
            Referral.started_at >= calendar.start_of(month),
            Referral.started_at < calendar.start_of(months_later(month, 1)),
        )
    )
    return int(db.session.scalar(found) or 0)
