"""A buyer with an account at the stand-in, and a PCC that pays with it."""

from __future__ import annotations

import pytest

from tests.support.invoices import Funded, make_funded
from tests.support.stripes import AtStripe


@pytest.fixture
def funded(at_stripe: AtStripe) -> Funded:
    """Who asks and who pays; the buyer asks through Stripe."""
    return make_funded(at_stripe.pair.payer, at_stripe.pair.manager)
