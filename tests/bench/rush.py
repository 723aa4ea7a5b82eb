"""The last minutes before a deadline: bidders save, check, submit and read their receipt.

Ten minutes' pattern in one, ever denser towards the end; every bidder is an organisation with a
bid of its own for one lot. Whatever was answered must be there afterwards.
"""

from __future__ import annotations

import http.client
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from bids.models import Bid, BidAnswer, BidState, BidVersion
from bids.submitting.content import DECLARATIONS
from marketplace.database import db
from tests.bench import minimal
from tests.bench.drafts import cookie_of, token_of
from tests.bench.report import Line
from tests.bench.serving import MINIMAL, PRODUCT, served
from tests.support.apps import make_app
from tests.support.bids import bidder, fill_in
from tests.support.databases import PostgresDatabases
from tests.support.lots import make_open_lot
from tests.support.pages import Page
from tests.support.people import acting_as

WORKERS = 2
BIDDERS, SECONDS = 500, 60
QUICK_BIDDERS, QUICK_SECONDS = 60, 15
SAVES = 2
PAUSE_SECONDS = 1.0
WORDS = "We listen first, and then we help, in their own county. " * 30

# What a bidder does with its browser; and how long each request took, in milliseconds, by its name.
Step = Callable[["Connection"], None]
Times = dict[str, list[float]]


@dataclass
class Connection:
    """One browser: sends, times and notes."""

    address: str
    cookie: str = ""
    times: Times = field(default_factory=dict)

    def __post_init__(self) -> None:
        place = urlsplit(self.address)
        self._line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=120)

    def send(
        self, what: str, path: str, sent: Sequence[tuple[str, str]] = (), expected: int = 200
    ) -> str:
        """The page that is answered. Raises AssertionError for anything unexpected."""
        body = urlencode(sent).encode() if sent else None
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self._line.request("POST" if body else "GET", path, body, headers)
        answer = self._line.getresponse()
        page = answer.read().decode()
        self.times.setdefault(what, []).append((time.perf_counter() - begun) * 1000)
        assert answer.status == expected, f"{path}: {answer.status}"
        return page


@dataclass
class Rusher:
    """A bidder with a session, a bid that is nearly finished, and what it was told."""

    bid_id: UUID
    question_id: UUID
    cookie: str
    token: str = ""
    receipt: str = ""

    def save(self, edition: int) -> Step:
        """Save one answer, as it stands after so many saves."""
        text = f"{WORDS}{edition}"

        def step(line: Connection) -> None:
            sent = [("csrf_token", self.token), ("text", text), ("edition", str(edition))]
            path = f"/bids/{self.bid_id}/questions/{self.question_id}"
            line.send("save an answer", path, sent, 302)

        return step

    def submit(self, line: Connection) -> None:
        """Open the check page, confirm everything, press the button."""
        path = f"/bids/{self.bid_id}/check"
        form = Page(line.send("open the check page", path)).form("Submit the bid")
        sent = [*form.values(), *(("declarations", key) for key in DECLARATIONS)]
        line.send("submit", path, sent, 303)

    def read(self, line: Connection) -> None:
        """Read the receipt."""
        self.receipt = line.send("read the receipt", f"/bids/{self.bid_id}/receipt")

    def steps(self) -> list[Step]:
        """All of it in order."""
        return [*(self.save(number) for number in range(1, SAVES + 1)), self.submit, self.read]


def lines(on_postgres: PostgresDatabases, folder: Path, quick: bool) -> list[Line]:
    """Lines (e): the rush, and the same requests at the same moments as bare inserts."""
    count, seconds = (QUICK_BIDDERS, QUICK_SECONDS) if quick else (BIDDERS, SECONDS)
    url = on_postgres.prepared("rush")
    rushers = _make(url, folder, count)
    with served(PRODUCT, folder, WORKERS, url, "rush") as product:
        for rusher in rushers:
            rusher.cookie, rusher.token = token_of(product.address, rusher.cookie)
        ours = _run(
            [(Connection(product.address, each.cookie), each.steps()) for each in rushers], seconds
        )
        lost = _lost(url, folder, rushers)
    bare_url = on_postgres.empty("rush_bare")
    minimal.make_tables(bare_url)
    with served(MINIMAL, folder, WORKERS, bare_url, "rush_bare") as plain:
        bare = _run([(Connection(plain.address), _bare_steps()) for _each in rushers], seconds)
    return _lines(count, seconds, ours, bare, lost)


def _make(url: str, folder: Path, count: int) -> list[Rusher]:
    app = make_app(url, folder)
    with app.app_context():
        lot = make_open_lot()
        rushers = list(_rushers(app, lot, count))
        db.session.remove()
        db.engine.dispose()
    return rushers


def _rushers(app: Flask, lot: Any, count: int) -> Iterator[Rusher]:
    question_id = lot.questions[0].id
    for _number in range(count):
        _organisation, person = bidder()
        bid_id = fill_in(lot, acting_as(person))
        yield Rusher(bid_id, question_id, cookie_of(app, person))


def _bare_steps() -> list[Step]:
    def insert(line: Connection) -> None:
        line.send("insert", "/insert", [("content", WORDS)], 303)

    def look(line: Connection) -> None:
        line.send("look", "/bare")

    def look_and_insert(line: Connection) -> None:
        look(line)
        insert(line)

    return [*([insert] * SAVES), look_and_insert, look]


def _run(bidders: Sequence[tuple[Connection, list[Step]]], seconds: float) -> Times:
    """Let every bidder do its steps from its own moment on; all their times together."""
    chance = random.Random(1)
    begun = time.perf_counter() + 1
    length = PAUSE_SECONDS * SAVES

    def go(each: tuple[Connection, list[Step]]) -> Times:
        line, steps = each
        # The density grows in proportion to the time that has passed.
        start = begun + (seconds - length) * chance.random() ** 0.5
        for number, step in enumerate(steps):
            time.sleep(max(0.0, start + number * PAUSE_SECONDS - time.perf_counter()))
            step(line)
        return line.times

    together: Times = {}
    with ThreadPoolExecutor(len(bidders)) as pool:
        for times in pool.map(go, bidders):
            for what, found in times.items():
                together.setdefault(what, []).extend(found)
    return together


def _lost(url: str, folder: Path, rushers: Sequence[Rusher]) -> int:
    """Of how many bidders anything that was answered is not stored as it was."""
    app = make_app(url, folder)
    lost = 0
    with app.app_context():
        for rusher in rushers:
            bid = db.session.get_one(Bid, rusher.bid_id)
            versions = db.session.scalars(
                select(BidVersion.sha256).where(BidVersion.bid_id == bid.id)
            ).all()
            answer = db.session.scalars(
                select(BidAnswer).where(
                    BidAnswer.bid_id == bid.id, BidAnswer.question_id == rusher.question_id
                )
            ).one()
            whole = (
                bid.state == BidState.SUBMITTED
                and len(versions) == 1
                and versions[0] in rusher.receipt
                and answer.text == f"{WORDS}{SAVES}".strip()
            )
            lost += not whole
        db.session.remove()
        db.engine.dispose()
    return lost


def _lines(count: int, seconds: int, ours: Times, bare: Times, lost: int) -> list[Line]:
    def shown(found: list[float]) -> str:
        return f"{median(found):.0f} ms, {quantiles(found, n=100)[98]:.0f} ms"

    requests = sum(len(found) for found in ours.values())
    head = f"(e) Deadline rush: {count} bidders in {seconds} s, {requests} requests"
    return [
        Line(
            f"{head}, bidders with anything lost", str(lost), "none", "not met" if lost else "met"
        ),
        *(Line(f"(e) {what.capitalize()}, p50, p99", shown(found)) for what, found in ours.items()),
        Line("(e) Bare insert at the same moments, p50, p99", shown(bare["insert"])),
        Line("(e) Bare answer at the same moments, p50, p99", shown(bare["look"])),
    ]
