"""The public directory with few and with very many services, against a bare answer."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from statistics import median

from lots.contracts.models import Contract, ContractArea
from marketplace.acting import OrganisationKind
from marketplace.database import db
from tests.bench.copies import copy_all
from tests.bench.load import Measured, Request, measure
from tests.bench.report import Line, at_most
from tests.bench.serving import MINIMAL, PRODUCT, served
from tests.support.apps import make_app
from tests.support.contracts import make_live_contract
from tests.support.databases import PostgresDatabases
from tests.support.people import make_organisation

FEW, MANY = 100, 10_000
WORKERS = 2
ROUNDS, REQUESTS, QUICK_ROUNDS, QUICK_REQUESTS = 5, 200, 3, 90
CONNECTIONS = 2
PATHS = ("/services", "/services?need=accommodation&area=kent", "/services?page=3")
# Service, region and area of the contracts that are copied.
KINDS = (
    ("accommodation", "K", "kent"),
    ("accommodation", "K", "surrey"),
    ("ete", "K", "kent"),
    ("personal-wellbeing", "K", None),
    ("ete", "K", "sussex"),
)


def lines(on_postgres: PostgresDatabases, folder: Path, quick: bool) -> list[Line]:
    """Lines (b) of the issue."""
    rounds, count = (QUICK_ROUNDS, QUICK_REQUESTS) if quick else (ROUNDS, REQUESTS)
    urls = {size: on_postgres.prepared(f"directory_{size}") for size in (FEW, MANY)}
    for size, url in urls.items():
        _fill(url, folder, size)
        with on_postgres.server.connect(f"directory_{size}") as connection:
            # As the server itself does before long: it plans by what it knows of its tables.
            connection.execute("ANALYZE")
    few, many, bare = [], [], []
    with ExitStack() as running:
        enter = running.enter_context
        small = enter(served(PRODUCT, folder, WORKERS, urls[FEW], "few"))
        large = enter(served(PRODUCT, folder, WORKERS, urls[MANY], "many"))
        plain = enter(served(MINIMAL, folder, WORKERS, urls[FEW], "bare"))
        pages = [Request("GET", PATHS[number % len(PATHS)]) for number in range(count)]
        for _number in range(rounds + 1):
            few.append(measure(small.address, pages, CONNECTIONS))
            many.append(measure(large.address, pages, CONNECTIONS))
            bare.append(measure(plain.address, [Request("GET", "/bare")] * count, CONNECTIONS))
    return _lines(few[1:], many[1:], bare[1:])


def _fill(database_url: str, folder: Path, size: int) -> None:
    app = make_app(database_url, folder)
    with app.app_context():
        region = make_organisation(OrganisationKind.REGION, region_code="K")
        charity = make_organisation(contact_email="in@harbour.example")
        for service_code, region_code, area_code in KINDS:
            make_live_contract(
                charity,
                buyer=region,
                service_code=service_code,
                region_code=region_code,
                area_codes=(area_code,),
            )
        copy_all([Contract, ContractArea], size // len(KINDS) - 1)
        db.session.remove()
        db.engine.dispose()


def _lines(few: list[Measured], many: list[Measured], bare: list[Measured]) -> list[Line]:
    def times(found: list[Measured]) -> str:
        p50, p99 = (median(getattr(each, part) for each in found) for part in ("p50", "p99"))
        return f"{p50:.1f} ms, {p99:.1f} ms"

    grown = median(large.p50 / small.p50 for large, small in zip(many, few, strict=True))
    against = median(large.p50 / least.p50 for large, least in zip(many, bare, strict=True))
    return [
        Line(f"(b) Directory of {MANY:,} services, p50, p99", times(many)),
        Line(f"(b) Directory of {FEW} services, p50, p99", times(few)),
        Line("(b) Bare Flask answer, p50, p99", times(bare)),
        Line("(b) Directory to a bare answer, p50", f"{against:.1f}"),
        at_most(f"(b) {MANY:,} to {FEW} services, p50", grown, 1.3),
    ]
