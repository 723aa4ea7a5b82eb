"""A body that has paid through the stand-in, some hours ago."""

from __future__ import annotations

import pytest

from marketplace import clock
from marketplace.payments.paying import sending
from marketplace.payments.topping import asking
from tests.support.reconciling import later
from tests.support.stripes import AtStripe


@pytest.fixture
def paid(at_stripe: AtStripe, monkeypatch: pytest.MonkeyPatch) -> AtStripe:
    """A body with money at Stripe, from which two payments have gone out, some hours ago."""
    at_stripe.make_ready()
    at_stripe.stripe.give(100_000)
    at_stripe.hear(*at_stripe.events())
    # What was given is known here as a top-up that began at Stripe.
    for each in at_stripe.stripe.all("topup"):
        asking.handle(at_stripe.body_id, each["id"], None)
    for pence in (30_000, 12_345):
        at_stripe.pair.owe(pence)
    sending.send_due(clock.now())
    later(monkeypatch)
    return at_stripe
