"""An account of its own for each test at the one stand-in of the tests of money."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.standin import StandIn, StripeBody

NOBODY_LISTENS = "http://127.0.0.1:9/events"


@pytest.fixture
def body(stand_in: StandIn) -> Iterator[StripeBody]:
    """A Stripe account with £1,000 on it, whose events are told to nobody yet."""
    yield stand_in.open_account("Ministry of Justice", NOBODY_LISTENS, pence=100_000)
    stand_in.no_faults()
