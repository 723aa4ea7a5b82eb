"""Who is told of a payment: those who pay it, and the finance people of who is paid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from marketplace import outbox
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.acting import Role
from marketplace.database import db
from marketplace.payments.paying.models import Payment
from marketplace.payments.paying.permissions import PAYEES, PAYERS

FOLDER = "marketplace/payments/paying/mail"


def tell_payers(payment: Payment, template: str) -> None:
    """Write to those who make the payer's payments."""
    _tell_of(payment, payment.payer_id, PAYERS, template)


def tell_payees(payment: Payment, template: str) -> None:
    """Write to those who look after the payee's money."""
    _tell_of(payment, payment.payee_id, PAYEES, template)


def tell_of_bank_details(organisation_id: UUID) -> None:
    """Write to everybody who looks after a provider's money, whoever changed its bank details."""
    tell(organisation_id, PAYEES, f"{FOLDER}/bank_details.txt", organisation_id, {})


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
    holders = select(Membership.person_id).where(
        Membership.organisation_id == organisation_id, Membership.role.in_(roles)
    )
    people = select(Person).where(Person.state == PersonState.ACTIVE, Person.id.in_(holders))
    for person in db.session.scalars(people.order_by(Person.id)):
        outbox.post(template, to=person.email, subject_id=subject_id, facts=facts)
