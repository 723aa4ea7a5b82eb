"""What the money rooms of the ground add to the application."""

from __future__ import annotations

from flask import Flask

from marketplace.payments import turns
from marketplace.payments.hooks import room as hooks
from marketplace.payments.invoicing import room as invoicing
from marketplace.payments.payees import room as payees
from marketplace.payments.paying import room as paying
from marketplace.payments.reconciling import room as reconciling
from marketplace.payments.standin import beside as standin
from marketplace.payments.stripes import room as stripes
from marketplace.payments.topping import room as topping


def register(app: Flask) -> None:
    """Register each room, the lower ones first."""
    turns.register(app)
    paying.register(app)
    stripes.register(app)
    topping.register(app)
    payees.register(app)
    invoicing.register(app)
    hooks.register(app)
    reconciling.register(app)
    standin.register(app)
