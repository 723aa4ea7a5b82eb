"""The product with the example pages mounted."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.marketplace.web import example
from tests.support import apps
from tests.support.client import Client


@pytest.fixture(scope="session")
def example_app(database_url: str, session_folder: Path) -> Flask:
    """The product, demonstrating, with the example pages."""
    app = apps.make_app(database_url, session_folder, demonstration=True)
    example.register(app)
    return app


@pytest.fixture
def visitor(example_app: Flask) -> Client:
    """Somebody without an account."""
    return Client(example_app)
