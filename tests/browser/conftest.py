"""The product served from the tests' own process, so that they can look behind its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from tests.support import apps
from tests.support.databases import SqliteDatabases
from tests.support.live import served


@pytest.fixture(scope="module")
def new_product(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Flask]:
    """Makes the product on a database of its own; which kind is nothing to a browser."""
    databases = SqliteDatabases(tmp_path_factory.mktemp("product"))
    databases.prepare()
    return lambda name: apps.make_app(databases.prepared(name), databases.folder)


@pytest.fixture(scope="module")
def product(new_product: Callable[[str], Flask]) -> Flask:
    """The product on a database of the module's own."""
    return new_product("product")


@pytest.fixture(scope="module")
def address(product: Flask) -> Iterator[str]:
    """Where it answers."""
    with served(product) as found:
        yield found
