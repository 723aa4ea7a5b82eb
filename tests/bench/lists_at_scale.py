"""(f) Every list and search of cases with 1,000 referrals and with 100,000, side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from marketplace.acting import Role
from marketplace.database import db
from tests.bench import crowd
from tests.bench.crowd import LARGE, SMALL, Size
from tests.bench.report import Line
from tests.support.apps import make_app
from tests.support.databases import PostgresDatabases
from tests.support.people import sign_in
from tests.support.statements import statements_sent

ROUNDS, WARMING = 15, 3
MOST_RATIO = 1.5
PRACTITIONERS = "mine open questions concerns overdue ending waiting awaiting unassigned ended"
PROVIDERS = "mine new unassigned active overdue concerns ending ended"
SEARCHES = ("smi", "Mohammed", "rhys wi", "x12", "aa00")


@dataclass(frozen=True)
class Look:
    """One request by somebody; what is `typed` is posted to the search."""

    role: Role
    path: str
    typed: str | None = None

    @property
    def words(self) -> str:
        """As the table says it."""
        where = self.path.partition("&after=")[0] + (
            ", a later page" if "&after" in self.path else ""
        )
        return f"{where}{f' “{self.typed}”' if self.typed else ''} ({self.role.value})"

    def send(self, browser: FlaskClient) -> bool:
        """As a server runs it, in a context of its own; whether anything was found.

        Raises AssertionError for a wrong answer.
        """
        post = {"data": {"what": self.typed}} if self.typed else {}
        ask = browser.post if self.typed else browser.get
        answer = Context().run(ask, self.path, **post)
        assert answer.status_code in (200, 303), f"{self.words}: {answer.status}"
        return answer.status_code == 303 or b"govuk-table__row" in answer.data


def looks() -> list[Look]:
    """Every list of both sides as it is first shown, its other orders, filters and searches."""
    found = [Look(Role.PRACTITIONER, f"/my-cases?show={tab}") for tab in PRACTITIONERS.split()]
    found += [Look(Role.SERVICE_MANAGER, f"/referrals?show={tab}") for tab in PROVIDERS.split()]
    found += [
        Look(Role.SERVICE_MANAGER, f"/referrals?show=active&sort={sort}")
        for sort in ("oldest", "due", "state", "reference")
    ]
    found += [
        Look(Role.SERVICE_MANAGER, "/referrals?show=ended&sort=reference"),
        Look(
            Role.SERVICE_MANAGER,
            f"/referrals?show=active&after={date.today() - timedelta(days=60)}T00%3A00%3A00%2B00"
            "%3A00_00000000-0000-0000-0000-000000000000",
        ),
        Look(Role.CASEWORKER, "/referrals?show=mine"),
        Look(Role.CASEWORKER, "/referrals?show=active"),
        Look(Role.TEAM_MANAGER, "/my-cases?show=open"),
        Look(Role.TEAM_MANAGER, "/my-cases?show=ended"),
        Look(Role.TEAM_MANAGER, "/cases/overdue"),
        Look(Role.SERVICE_MANAGER, "/cases/overdue"),
        Look(Role.CONTRACT_MANAGER, "/cases/overdue"),
        Look(Role.PRACTITIONER, "/"),
        Look(Role.SERVICE_MANAGER, "/"),
    ]
    return found + [
        Look(role, "/cases/look-up", typed)
        for role in (Role.PRACTITIONER, Role.SERVICE_MANAGER)
        for typed in SEARCHES
    ]


def lines(databases: PostgresDatabases, folder: Path, quick: bool) -> list[Line]:
    """The lines of (f); a short run has a tenth of the cases."""
    large = Size(10_000, 40, 12, 40, 0.1, 0.05) if quick else LARGE
    sides = [
        _Side(size, databases.prepared(f"crowd_{size.referrals}"), folder)
        for size in (SMALL, large)
    ]
    found = [_line(look, sides) for look in looks()]
    for side in sides:
        side.close()
    return found


class _Side:
    """One size of the country, and a browser for everybody who looks."""

    def __init__(self, size: Size, address: str, folder: Path):
        self.size = size
        self.app: Flask = make_app(address, folder)
        self.app.test_client_class = FlaskClient
        self.app.config["WTF_CSRF_ENABLED"] = False
        with self.app.app_context():
            people = crowd.make(size).people
            self.browsers = {role: self.app.test_client() for role in people}
            for role, person in people.items():
                sign_in(self.browsers[role], person)

    def milliseconds(self, look: Look) -> float:
        """How long this look takes now."""
        begun = time.perf_counter()
        look.send(self.browsers[look.role])
        return (time.perf_counter() - begun) * 1000

    def statements(self, look: Look) -> int | None:
        """How many statements it sends; None where it found nothing, which takes fewer."""
        look.send(self.browsers[look.role])  # so that the session's last moment is fresh
        with statements_sent() as sent:
            found = look.send(self.browsers[look.role])
        return len(sent) if found else None

    def close(self) -> None:
        """Let go of the database."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


def _line(look: Look, sides: Sequence[_Side]) -> Line:
    times: list[list[float]] = [[] for _side in sides]
    for number in range(WARMING + ROUNDS):
        for side, taken in zip(sides, times, strict=True):
            milliseconds = side.milliseconds(look)
            if number >= WARMING:
                taken.append(milliseconds)
    once, many = (statistics.median(taken) for taken in times)
    few, more = (side.statements(look) for side in sides)
    counted = f"{more} statements" if few in (None, more) else f"{few} and {more} statements"
    met = many / once <= MOST_RATIO and (few in (None, more) or more is None)
    return Line(
        f"(f) {look.words}, {sides[0].size.referrals:,} and {sides[1].size.referrals:,} referrals",
        f"{once:.1f} and {many:.1f} ms: {many / once:.2f}; {counted}",
        f"at most {MOST_RATIO}, equal",
        "met" if met else "not met",
    )
