"""Send-a-referral with everything on, against the least that could do it, side by side."""

from __future__ import annotations

import re
import subprocess
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from urllib.parse import urlencode
from uuid import uuid4

from tests.bench import minimal
from tests.bench.drafts import Sendings
from tests.bench.load import CONNECTIONS, Measured, Request, measure
from tests.bench.report import Line, at_least, at_most
from tests.bench.serving import MINIMAL, PRODUCT, served
from tests.support import postgres
from tests.support.databases import PostgresDatabases, SqliteDatabases
from tests.support.server import Product

WORKERS = 2
WORKERS_ON_SQLITE = 4
CONTENT = "x" * 1500
ROUNDS, SENDINGS, SECONDS = 5, 400, 4
QUICK_ROUNDS, QUICK_SENDINGS, QUICK_SECONDS = 3, 160, 2


class Contest:
    """Four servers that are measured in turn; each round adds one measurement of each."""

    def __init__(self, server: postgres.Server, seconds: int, count: int):
        self.server = server
        self.seconds = seconds
        self.count = count
        self.product: list[Measured] = []
        self.minimal: list[Measured] = []
        self.on_sqlite: list[Measured] = []
        self.pgbench: list[float] = []

    def ratio(self, ours: list[float], theirs: list[float]) -> float:
        """The median over the rounds of ours to theirs, each taken within one round."""
        return median(mine / other for mine, other in zip(ours, theirs, strict=True))

    def run_pgbench(self) -> float:
        """Transactions a second of the minimal handler's own statements, without any Python."""
        script = self.server.folder / "pgbench.sql"
        script.write_text(minimal.PGBENCH)
        script.chmod(0o644)
        command = [str(self.server.programs / "pgbench"), "-n", "-f", str(script)]
        command += ["-c", str(CONNECTIONS), "-j", "2", "-T", str(self.seconds)]
        command += ["-h", str(self.server.folder), "-p", str(self.server.port), "-U", "tester"]
        done = subprocess.run([*command, "minimal"], capture_output=True, text=True, check=False)
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        assert found is not None, done.stdout + done.stderr
        return float(found.group(1))


def lines(
    server: postgres.Server,
    on_postgres: PostgresDatabases,
    on_sqlite: SqliteDatabases,
    folder: Path,
    quick: bool,
) -> tuple[list[Line], list[Line]]:
    """Lines (a) of the issue, on PostgreSQL, and (d), on SQLite; from the same rounds."""
    rounds, count = (QUICK_ROUNDS, QUICK_SENDINGS) if quick else (ROUNDS, SENDINGS)
    contest = Contest(server, QUICK_SECONDS if quick else SECONDS, count)
    needed = (rounds + 1) * count
    urls = on_postgres.prepared("sending"), on_sqlite.prepared("sending"), server.url("minimal")
    server.fresh_database("minimal")
    minimal.make_tables(urls[2])
    ours, files = Sendings(urls[0], folder, needed), Sendings(urls[1], folder, needed)
    with ExitStack() as running:
        enter = running.enter_context
        product = enter(served(PRODUCT, folder, WORKERS, urls[0], "product"))
        plain = enter(served(MINIMAL, folder, WORKERS, urls[2], "minimal"))
        sqlite = enter(served(PRODUCT, folder, WORKERS_ON_SQLITE, urls[1], "sqlite"))
        # The first round warms every process up and is not counted.
        for number in range(rounds + 1):
            _round(contest, (product, ours), plain, (sqlite, files))
            if number == 0:
                contest = Contest(server, contest.seconds, count)
    return _on_postgres(contest), _on_sqlite(contest)


def _round(
    contest: Contest,
    ours: tuple[Product, Sendings],
    plain: Product,
    files: tuple[Product, Sendings],
) -> None:
    for (product, drafts), found in ((ours, contest.product), (files, contest.on_sqlite)):
        found.append(measure(product.address, drafts.take(product.address, contest.count)))
    bare = [_bare_sending() for _number in range(contest.count)]
    contest.minimal.append(measure(plain.address, bare))
    contest.pgbench.append(contest.run_pgbench())


def _bare_sending() -> Request:
    body = urlencode({"key": str(uuid4()), "content": CONTENT}).encode()
    return Request("POST", "/send", body, expected=303)


def _rates(found: list[Measured]) -> list[float]:
    return [each.rate for each in found]


def _times(found: list[Measured], part: str) -> str:
    return f"{median(getattr(each, part) for each in found):.0f} ms"


def _on_postgres(contest: Contest) -> list[Line]:
    ours, least = _rates(contest.product), _rates(contest.minimal)
    return [
        Line("(a) Referrals a second, PostgreSQL, 2 processes", f"{median(ours):.0f}"),
        Line("(a) p50, p99", f"{_times(contest.product, 'p50')}, {_times(contest.product, 'p99')}"),
        Line("(a) Minimal handler, a second", f"{median(least):.0f}"),
        Line("(a) pgbench, a second", f"{median(contest.pgbench):.0f}"),
        at_least("(a) Ours to the minimal handler", contest.ratio(ours, least), 0.4, 0.6),
        at_least("(a) Ours to pgbench", contest.ratio(ours, contest.pgbench), 0.05, 0.075),
    ]


def _on_sqlite(contest: Contest) -> list[Line]:
    ours, files = _rates(contest.product), _rates(contest.on_sqlite)
    slowest = median(each.p99 for each in contest.on_sqlite)
    return [
        Line("(d) Referrals a second, SQLite, 4 processes", f"{median(files):.0f}"),
        at_least("(d) SQLite to PostgreSQL", contest.ratio(files, ours), 0.5),
        at_most("(d) p99 on SQLite", slowest, 250, " ms"),
    ]
