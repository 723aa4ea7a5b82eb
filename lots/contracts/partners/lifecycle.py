"""Every step of a payment to a partner that its lead has stated."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from lots.contracts.partners.models import PAYMENT_STATES, PartnerPayment, PaymentState
from lots.contracts.partners.permissions import PartnersPermission
from marketplace.lifecycle import Lifecycle, Step, lifecycles

CONFIRM = Step(
    "confirm",
    frm=(PaymentState.STATED, PaymentState.DISPUTED),
    to=PaymentState.CONFIRMED,
    label=_l("Confirm the payment"),
    permission=PartnersPermission.ANSWER,
)
DISPUTE = Step(
    "dispute",
    frm=(PaymentState.STATED,),
    to=PaymentState.DISPUTED,
    label=_l("Dispute the payment"),
    permission=PartnersPermission.ANSWER,
)
CORRECT = Step(
    "correct",
    frm=(PaymentState.STATED, PaymentState.DISPUTED),
    to=PaymentState.STATED,
    label=_l("Correct the payment"),
    permission=PartnersPermission.CORRECT,
)

PAYMENT = Lifecycle("partner_payment", PartnerPayment, PAYMENT_STATES, [CONFIRM, DISPUTE, CORRECT])


def register(app: Flask) -> None:
    """List the payment's lifecycle among the application's."""
    lifecycles(app).append(PAYMENT)
