"""Every step of a payment. Above, `events.when(app, PAY, handler)` hears that it was paid."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step, lifecycles
from marketplace.payments.paying.models import (
    PAYMENT_STATES,
    HeldReason,
    Payment,
    PaymentState,
)
from marketplace.payments.paying.permissions import PaymentPermission


def is_clear(payment: Payment) -> Any:
    """What may have been paid is not paid in another way before it is known."""
    if payment.held_reason == HeldReason.UNCLEAR:
        return _(
            "It is not known whether this was paid already. Ask the payment service first: then "
            "you can go on, and nothing is paid twice."
        )
    return None


SEND = Step(
    "send",
    frm=(PaymentState.READY, PaymentState.SHORT),
    to=PaymentState.SENDING,
    label=_l("Send"),
)
PAY = Step(
    "pay",
    frm=(
        PaymentState.READY,
        PaymentState.SENDING,
        PaymentState.SHORT,
        PaymentState.HELD,
        PaymentState.EXPORTED,
    ),
    to=PaymentState.PAID,
    label=_l("Record as paid"),
    permission=PaymentPermission.PAY,
)
FALL_SHORT = Step(
    "fall_short",
    frm=(PaymentState.SENDING,),
    to=PaymentState.SHORT,
    label=_l("Wait for money"),
)
HOLD = Step(
    "hold",
    frm=(PaymentState.SENDING,),
    to=PaymentState.HELD,
    label=_l("Hold"),
)
LEARN = Step(
    "learn",
    frm=(PaymentState.HELD,),
    to=PaymentState.HELD,
    label=_l("Find that it was not sent"),
)
CHOOSE = Step(
    "choose",
    frm=(PaymentState.READY, PaymentState.SHORT, PaymentState.HELD),
    to=PaymentState.READY,
    label=_l("Choose how to pay"),
    permission=PaymentPermission.PAY,
    guard=is_clear,
)
EXPORT = Step(
    "export",
    frm=(PaymentState.READY,),
    to=PaymentState.EXPORTED,
    label=_l("Put into a file for the bank"),
    permission=PaymentPermission.PAY,
)
TAKE_BACK = Step(
    "take_back",
    frm=(PaymentState.EXPORTED,),
    to=PaymentState.READY,
    label=_l("Take back from the bank"),
    permission=PaymentPermission.PAY,
)
RETURN = Step(
    "return",
    frm=(PaymentState.PAID,),
    to=PaymentState.RETURNED,
    label=_l("Record that it came back"),
    permission=PaymentPermission.PAY,
)
PAYMENT = Lifecycle(
    "payment",
    Payment,
    PAYMENT_STATES,
    [SEND, PAY, FALL_SHORT, HOLD, LEARN, CHOOSE, EXPORT, TAKE_BACK, RETURN],
)


def register(app: Flask) -> None:
    """List the payment's lifecycle among the application's."""
    lifecycles(app).append(PAYMENT)
