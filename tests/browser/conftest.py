"""The product served from the tests' own process, so that they can look behind its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support import apps
from tests.support.databases import SqliteDatabases
from tests.support.live import served
from tests.support.server import Product


@pytest.fixture(scope="session")
def new_product(
    tmp_path_factory: pytest.TempPathFactory, run_folder: Path
) -> Callable[[str], Flask]:
    """Makes the product on a database of its own; which kind is nothing to a browser."""
    databases = SqliteDatabases(tmp_path_factory.mktemp("product"), run_folder)
    databases.prepare()
    return lambda name: apps.make_app(databases.prepared(name), databases.folder)


@pytest.fixture
def demonstrated(start_product: Callable[..., Product], demonstration: Path) -> str:
    """Where a started product with its demonstration world answers."""
    return start_product(copy_of=demonstration, demonstration="true").address


@pytest.fixture(scope="module")
def product(new_product: Callable[[str], Flask], request: pytest.FixtureRequest) -> Flask:
    """The product on a database of the module's own."""
    return new_product(request.module.__name__)


@pytest.fixture(scope="module")
def address(product: Flask) -> Iterator[str]:
    """Where it answers."""
    with served(product) as found:
        yield found
