"""What a movement of a body's balance was for, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.payments.invoicing import pages as invoices
from marketplace.payments.paying import pages as payments
from marketplace.payments.topping import pages as top_ups

CAUSES = {
    **payments.AT_STRIPE,
    **top_ups.AT_STRIPE,
    **invoices.AT_STRIPE,
    "stripe:payout": _l("Money sent from Stripe to the body’s own bank"),
    "balance": _l("The balance as a whole"),
}


def cause_label(cause: str) -> Any:
    """What it was for; what only Stripe has a name for keeps it."""
    return CAUSES.get(cause) or _("Something else at Stripe (%(name)s)", name=cause)
