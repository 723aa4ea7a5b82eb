"""Every step of an invoice. Above, `events.when(app, SETTLE, handler)` hears that money came."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step, lifecycles
from marketplace.payments.invoicing.models import INVOICE_STATES, Invoice, InvoiceState
from marketplace.payments.invoicing.permissions import InvoicePermission


def is_not_going(invoice: Invoice) -> Any:
    """What is being sent again, or was paid at the bank, is not withdrawn, nor sent another way."""
    if invoice.is_paid_elsewhere:
        return _("This invoice is recorded as paid into the bank, so it cannot be withdrawn.")
    if invoice.state == InvoiceState.READY and invoice.idempotency_key is not None:
        return _("This invoice is being sent again. Wait a minute, then reload the page.")
    return None


SEND = Step("send", frm=(InvoiceState.READY,), to=InvoiceState.SENDING, label=_l("Send"))
ISSUE = Step(
    "issue",
    frm=(InvoiceState.READY, InvoiceState.SENDING, InvoiceState.HELD),
    to=InvoiceState.SENT,
    label=_l("Give to the funder"),
)
HOLD = Step("hold", frm=(InvoiceState.SENDING,), to=InvoiceState.HELD, label=_l("Hold"))
TRY_AGAIN = Step(
    "try_again",
    frm=(InvoiceState.HELD,),
    to=InvoiceState.READY,
    label=_l("Try again"),
    permission=InvoicePermission.COLLECT,
)
KEEP = Step(
    "keep",
    frm=(InvoiceState.READY, InvoiceState.HELD),
    to=InvoiceState.READY,
    label=_l("Send it without Stripe"),
    permission=InvoicePermission.COLLECT,
    guard=is_not_going,
)
COLLECT = Step(
    "collect",
    frm=(InvoiceState.SENT, InvoiceState.FAILED),
    to=InvoiceState.COLLECTING,
    label=_l("Collect"),
)
FAIL = Step(
    "fail",
    frm=(InvoiceState.SENT, InvoiceState.COLLECTING),
    to=InvoiceState.FAILED,
    label=_l("Fail"),
)
SETTLE = Step(
    "settle",
    frm=(InvoiceState.SENT, InvoiceState.COLLECTING, InvoiceState.FAILED),
    to=InvoiceState.SETTLED,
    label=_l("Record as paid"),
    permission=InvoicePermission.COLLECT,
)
TAKE_BACK = Step(
    "take_back",
    frm=(InvoiceState.SETTLED,),
    to=InvoiceState.DISPUTED,
    label=_l("Record that the money was taken back"),
    permission=InvoicePermission.COLLECT,
)
REINSTATE = Step(
    "reinstate",
    frm=(InvoiceState.DISPUTED,),
    to=InvoiceState.SETTLED,
    label=_l("Get the money back"),
)
LOSE = Step(
    "lose",
    frm=(InvoiceState.DISPUTED,),
    to=InvoiceState.LOST,
    label=_l("Lose the money"),
    permission=InvoicePermission.COLLECT,
)
WITHDRAW = Step(
    "withdraw",
    frm=(InvoiceState.READY, InvoiceState.HELD, InvoiceState.SENT, InvoiceState.FAILED),
    to=InvoiceState.VOID,
    label=_l("Withdraw"),
    permission=InvoicePermission.COLLECT,
    guard=is_not_going,
)
# Somebody withdrew it on Stripe's own pages; that is known, whatever was not known before.
CANCEL = Step(
    "cancel",
    frm=(InvoiceState.HELD, InvoiceState.SENT, InvoiceState.FAILED),
    to=InvoiceState.VOID,
    label=_l("Be withdrawn at Stripe"),
)
INVOICE = Lifecycle(
    "invoice",
    Invoice,
    INVOICE_STATES,
    [
        SEND,
        ISSUE,
        HOLD,
        TRY_AGAIN,
        KEEP,
        COLLECT,
        FAIL,
        SETTLE,
        TAKE_BACK,
        REINSTATE,
        LOSE,
        WITHDRAW,
        CANCEL,
    ],
)


def register(app: Flask) -> None:
    """List the invoice's lifecycle among the application's."""
    lifecycles(app).append(INVOICE)
