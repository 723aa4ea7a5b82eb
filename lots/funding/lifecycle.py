"""Every step of a funder's promise."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lots.funding.models import FUNDER_STATES, FunderState, LotFunder
from marketplace.lifecycle import Lifecycle, Step, lifecycles

# Who may take them is checked on the lot, in the actions: a promise is always one of a lot's.
ACCEPT = Step(
    "accept", frm=(FunderState.INVITED,), to=FunderState.ACCEPTED, label=_l("Accept the share")
)
DECLINE = Step("decline", frm=(FunderState.INVITED,), to=FunderState.DECLINED, label=_l("Decline"))
WITHDRAW = Step(
    "withdraw",
    frm=(FunderState.INVITED, FunderState.ACCEPTED),
    to=FunderState.WITHDRAWN,
    label=_l("Withdraw, or be taken off"),
)
ASK_AGAIN = Step(
    "ask_again",
    frm=(FunderState.ACCEPTED, FunderState.DECLINED, FunderState.WITHDRAWN),
    to=FunderState.INVITED,
    label=_l("Ask again"),
)

FUNDER = Lifecycle("lot_funder", LotFunder, FUNDER_STATES, [ACCEPT, DECLINE, WITHDRAW, ASK_AGAIN])


def register(app: Flask) -> None:
    """List the promise's lifecycle among the application's."""
    lifecycles(app).append(FUNDER)
