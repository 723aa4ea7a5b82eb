"""Every step of a provider's account: it follows what Stripe says of it."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step, lifecycles
from marketplace.payments.payees.models import PAYEE_STATES, PayeeAccount, PayeeState
from marketplace.payments.payees.permissions import PayeePermission

OPEN = Step(
    "open",
    frm=(PayeeState.WANTED,),
    to=PayeeState.STARTED,
    label=_l("Begin"),
    permission=PayeePermission.SET_UP,
)
WANT_MORE = Step(
    "want_more",
    frm=(PayeeState.WAITING, PayeeState.READY, PayeeState.REFUSED),
    to=PayeeState.STARTED,
    label=_l("Stripe wants to know more"),
)
WAIT = Step(
    "wait",
    frm=(PayeeState.STARTED, PayeeState.READY, PayeeState.REFUSED),
    to=PayeeState.WAITING,
    label=_l("Stripe checks"),
)
GET_READY = Step(
    "get_ready",
    frm=(PayeeState.STARTED, PayeeState.WAITING, PayeeState.REFUSED),
    to=PayeeState.READY,
    label=_l("Ready"),
)
REFUSE = Step(
    "refuse",
    frm=(PayeeState.STARTED, PayeeState.WAITING, PayeeState.READY),
    to=PayeeState.REFUSED,
    label=_l("Stripe refuses"),
)
PAYEE = Lifecycle(
    "payee_account", PayeeAccount, PAYEE_STATES, [OPEN, WANT_MORE, WAIT, GET_READY, REFUSE]
)
STEP_TO = {step.to: step for step in (WANT_MORE, WAIT, GET_READY, REFUSE)}


def register(app: Flask) -> None:
    """List the lifecycle among the application's."""
    lifecycles(app).append(PAYEE)
