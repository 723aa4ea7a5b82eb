"""The small world that the rules are tried on, built once for each database."""

from __future__ import annotations

import pytest

from tests.support import apps, world
from tests.support.world import World


@pytest.fixture(scope="session")
def the_world(new_database, session_folder) -> World:
    """One of each thing, committed; whoever changes it undoes that."""
    product = apps.make_app(new_database("world"), session_folder, demonstration=True)
    return world.build(product)
