"""A stand-in of Stripe for the tests of money."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import standin
from tests.support.paying import make_pair
from tests.support.standin import StandIn
from tests.support.stripes import AtStripe, connect


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """One running stand-in for all tests; each opens an account of its own."""
    with standin.running(tmp_path_factory.mktemp("stand-in")) as running:
        yield running


@pytest.fixture
def at_stripe(app, stand_in: StandIn) -> Iterator[AtStripe]:
    """A buyer with an empty account at the stand-in, and a provider."""
    yield connect(make_pair(), stand_in)
    stand_in.no_faults()
