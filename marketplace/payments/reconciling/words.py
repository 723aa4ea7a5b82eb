"""What a movement of a body's balance was for, in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

CAUSES = {
    "payment:transferred": _l("Payment to a provider"),
    "payment:reversed": _l("Payment that came back"),
    "top_up:arrived": _l("Money moved from the bank"),
    "top_up:taken_back": _l("Money that the bank took back"),
    "invoice:settled": _l("Share paid by a funder"),
    "invoice:fee": _l("Fee for collecting a share"),
    "invoice:taken_back": _l("Share that a funder’s bank took back"),
    "invoice:dispute_fee": _l("Fee for a share that was taken back"),
    "invoice:reinstated": _l("Share that came back after all"),
    "balance": _l("The balance as a whole"),
}


def cause_label(cause: str) -> Any:
    """What it was for; what only Stripe has a name for keeps it."""
    return CAUSES.get(cause) or _("Something else at Stripe (%(name)s)", name=cause)
