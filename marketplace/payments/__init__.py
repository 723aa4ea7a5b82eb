"""The ledger: double entry, integer pence, append-only; it knows nothing above it."""

from __future__ import annotations

from flask import Flask

from marketplace.payments import models, room  # noqa: F401  # the first for its tables
from marketplace.payments.bodies import models as bodies  # noqa: F401  # its tables
from marketplace.payments.hooks import models as hooks  # noqa: F401  # its tables
from marketplace.payments.invoicing import models as invoicing  # noqa: F401  # its tables
from marketplace.payments.payees import models as payees  # noqa: F401  # its tables
from marketplace.payments.paying import models as paying  # noqa: F401  # its tables
from marketplace.payments.reconciling import models as reconciling  # noqa: F401  # its tables
from marketplace.payments.topping import models as topping  # noqa: F401  # its tables


def register(app: Flask) -> None:
    """Register every room of money."""
    room.register(app)
