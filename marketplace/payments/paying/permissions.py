"""Who sees payments, who makes them, and who says where an organisation is paid."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting, Role
from marketplace.organisations.models import Organisation
from marketplace.payments.bodies.permissions import PAYERS
from marketplace.payments.paying.models import Payment, PaymentExport
from marketplace.permissions import policy, rule

# Who pays for a buyer, and who is told of a provider's money.
PAYEES = (Role.FINANCE, Role.TRUSTEE)


class PaymentPermission(StrEnum):
    """What can be done with payments."""

    LIST = "payment:list"
    SEE = "payment:see"
    PAY = "payment:pay"
    SEE_EXPORT = "payment:see_export"
    SAVE_EXPORT = "payment:save_export"
    SEE_BANK_DETAILS = "payment:see_bank_details"
    SET_BANK_DETAILS = "payment:set_bank_details"


def pays(by: Acting, thing: Payment | PaymentExport) -> bool:
    """The organisation acted for is the payer."""
    return thing.payer_id == by.organisation_id


def pays_or_audits(by: Acting, export: PaymentExport) -> bool:
    """The payer whose file it is; the national auditor, who reads everything but what it holds."""
    return pays(by, export) or by.has(Role.AUDITOR)


def is_side_or_auditor(by: Acting, payment: Payment) -> bool:
    """Payer, payee, and the national auditor, who reads everything."""
    return by.organisation_id in (payment.payer_id, payment.payee_id) or by.has(Role.AUDITOR)


def is_own(by: Acting, organisation: Organisation) -> bool:
    """The organisation acted for."""
    return organisation.id == by.organisation_id


TABLE = {
    PaymentPermission.LIST: rule([*PAYERS, *PAYEES, Role.AUDITOR]),
    PaymentPermission.SEE: rule([*PAYERS, *PAYEES, Role.AUDITOR], when=is_side_or_auditor),
    PaymentPermission.PAY: rule(PAYERS, when=pays, fresh=True),
    PaymentPermission.SEE_EXPORT: rule([*PAYERS, Role.AUDITOR], when=pays_or_audits),
    PaymentPermission.SAVE_EXPORT: rule(PAYERS, when=pays, fresh=True),
    # Buyers are paid too: by those who pay a share with them.
    PaymentPermission.SEE_BANK_DETAILS: rule([*PAYEES, *PAYERS], when=is_own),
    PaymentPermission.SET_BANK_DETAILS: rule([Role.FINANCE, *PAYERS], when=is_own, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
