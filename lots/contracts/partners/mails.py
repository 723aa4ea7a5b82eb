"""Mails about payments to partners; none names a person or an amount."""

from __future__ import annotations

from lots.contracts.partners.models import PartnerPayment
from lots.contracts.partners.permissions import OF_MONEY
from lots.contracts.permissions import PROVIDERS_CLAIMANTS
from lots.funding.mails import addresses
from marketplace import outbox


def to_partner(payment: PartnerPayment) -> None:
    """Ask the partner whether it was paid what the lead states."""
    _post(payment, "stated", addresses([payment.partner.organisation_id], OF_MONEY))


def to_lead(payment: PartnerPayment) -> None:
    """Tell the lead that the partner disputes it."""
    lead = payment.partner.contract.provider_id
    _post(payment, "disputed", addresses([lead], PROVIDERS_CLAIMANTS))


def _post(payment: PartnerPayment, template: str, to: list[str]) -> None:
    contract = payment.partner.contract
    for address in to:
        outbox.post(
            f"lots/contracts/partners/mail/{template}.txt",
            to=address,
            subject_id=payment.id,
            facts={
                "reference": contract.reference,
                "contract_id": str(contract.id),
                "partner_id": str(payment.partner_id),
            },
        )
