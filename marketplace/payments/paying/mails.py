"""Who is told of a payment: those who pay it, and the finance people of who is paid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from marketplace import outbox
from marketplace.accounts.queries import people_with
from marketplace.acting import Role
from marketplace.payments.bodies.permissions import PAYERS
from marketplace.payments.paying.models import Payment
from marketplace.payments.paying.permissions import PAYEES

FOLDER = "marketplace/payments/paying/mail"


def tell_payers(payment: Payment, template: str) -> None:
    """Write to those who make the payer's payments."""
    _tell_of(payment, payment.payer_id, PAYERS, template)


def tell_payees(payment: Payment, template: str) -> None:
    """Write to those who look after the payee's money."""
    _tell_of(payment, payment.payee_id, PAYEES, template)


def tell_of_bank_details(organisation_id: UUID) -> None:
    """Write to everybody who looks after its money, whoever changed its bank details."""
    tell(organisation_id, (*PAYEES, *PAYERS), f"{FOLDER}/bank_details.txt", organisation_id, {})


def _tell_of(payment: Payment, organisation_id: UUID, roles: Iterable[Role], template: str) -> None:
    facts = {"reference": payment.reference, "payment_id": str(payment.id)}
    tell(organisation_id, roles, f"{FOLDER}/{template}.txt", payment.id, facts)


def tell(
    organisation_id: UUID,
    roles: Iterable[Role],
    template: str,
    subject_id: UUID,
    facts: dict[str, Any],
) -> None:
    """Post one mail to everybody who holds one of these roles in the organisation."""
    for person in people_with(organisation_id, roles):
        outbox.post(template, to=person.email, subject_id=subject_id, facts=facts)
