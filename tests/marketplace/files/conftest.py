"""The product with a room that holds files, with and without a scanner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from marketplace.acting import Acting, Role
from tests.marketplace.files import example
from tests.marketplace.files.scanner import Scanner
from tests.support import apps
from tests.support.isolation import rolled_back
from tests.support.people import acting_as, make_person


@pytest.fixture(scope="session")
def files_app(database_url: str, session_folder: Path) -> Flask:
    """The product with the example room."""
    made = apps.make_app(database_url, session_folder)
    example.register(made)
    return made


@pytest.fixture
def app(files_app: Flask) -> Iterator[Flask]:
    """In the place of the common one; settings that a test changes are set back."""
    before = files_app.extensions["settings"]
    files_app.extensions["settings"] = before.model_copy()
    with rolled_back(files_app), files_app.app_context():
        yield files_app
    files_app.extensions["settings"] = before


@pytest.fixture
def by(app: Flask) -> Acting:
    """Somebody who sends files."""
    return acting_as(make_person(Role.BID_MANAGER, email="sender@example.org"))


@pytest.fixture
def scanner(app: Flask) -> Iterator[Scanner]:
    """A scanner that runs, and that the product knows of."""
    with Scanner() as running:
        app.extensions["settings"].clamd = running.address
        yield running
