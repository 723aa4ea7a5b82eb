"""Fixtures of every test. A test that takes `app` or `client` runs on both databases."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.support import apps, demonstrations, postgres, seeds, turns
from tests.support.browser import browser, browser_page  # noqa: F401  # fixtures
from tests.support.client import Client
from tests.support.databases import (
    Databases,
    NewDatabase,
    PostgresDatabases,
    SqliteDatabases,
)
from tests.support.isolation import rolled_back
from tests.support.server import start_product  # noqa: F401  # a fixture


def pytest_report_header() -> str:
    """Say which run this is."""
    return seeds.description()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> turns.FilesOfAKind:
    """Share the tests out among processes, where there are several."""
    return turns.FilesOfAKind(config, log)


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never among what was imported: it took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Leave out what only a full run does; the rest in the order that takes least time."""
    for item in items:
        if item.get_closest_marker("full") and not seeds.FULL:
            item.add_marker(pytest.mark.skip(reason="only with FULL=1"))
    yield
    turns.put_in_order(items)


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """Skip a test for what this machine lacks; in CI nothing may be lacking, so fail there."""

    def report(what: str) -> None:
        if os.environ.get("CI"):
            pytest.fail(what, pytrace=False)
        pytest.skip(what)

    return report


def _server(missing: Callable[[str], None], durable: bool) -> Iterator[postgres.Server]:
    try:
        server = postgres.start(durable)
    except postgres.NoPostgres as reason:
        missing(str(reason))
        raise
    yield server
    server.remove()


@pytest.fixture(scope="session")
def postgres_server(missing: Callable[[str], None]) -> Iterator[postgres.Server]:
    """A PostgreSQL that keeps nothing after a crash; for everything but races."""
    yield from _server(missing, durable=False)


@pytest.fixture(scope="session")
def durable_postgres(missing: Callable[[str], None]) -> Iterator[postgres.Server]:
    """A PostgreSQL that keeps what it acknowledged, as in production; for races and crashes."""
    yield from _server(missing, durable=True)


@pytest.fixture(scope="session")
def session_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this test process, with its key ring."""
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the whole run: all test processes share it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def demonstration(run_folder: Path) -> Path:
    """The folder of an embedded product with the demonstration world: to copy, not to serve."""
    return demonstrations.set_up_once(run_folder)


@pytest.fixture(
    scope="session",
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def databases(request: pytest.FixtureRequest, session_folder: Path, run_folder: Path) -> Databases:
    """Both kinds of database in turn: all that uses one runs twice."""
    if request.param == "sqlite":
        return SqliteDatabases(session_folder, run_folder)
    return PostgresDatabases(request.getfixturevalue("postgres_server"), session_folder)


@pytest.fixture(scope="session")
def empty_database(databases: Databases) -> NewDatabase:
    """Makes empty databases: `empty_database("migrated")` -> address."""
    return databases.empty


@pytest.fixture(scope="session")
def new_database(databases: Databases) -> NewDatabase:
    """Makes databases with tables, triggers and reference data: `new_database("race")` -> address.

    For tests that commit for real; each gives its database a name of its own.
    """
    databases.prepare()
    return databases.prepared


@pytest.fixture(scope="session")
def database_url(new_database: NewDatabase) -> str:
    """The database that tests share, each rolled back."""
    return new_database("shared")


@pytest.fixture(scope="session")
def shared_app(database_url: str, session_folder: Path) -> Flask:
    """The product on the shared database; tests take `app`."""
    return apps.make_app(database_url, session_folder)


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The product, inside an application context; all that the test changes is rolled back."""
    with rolled_back(shared_app), shared_app.app_context():
        yield shared_app


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser without a screen that checks every page it fetches."""
    return Client(app)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Leave the outcome with the test, for the browser to keep its trace of a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.when == "call":
        item.report = report  # for the browser's fixture
