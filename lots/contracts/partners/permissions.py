"""Who states what a partner was paid, and who answers for the partner."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.models import Contract
from lots.contracts.partners.models import ContractPartner, PartnerPayment
from lots.contracts.permissions import AUTHORITY, PROVIDERS_CLAIMANTS, Side, is_provider
from marketplace.acting import Acting
from marketplace.permissions import policy, rule


class PartnersPermission(StrEnum):
    """What can be done about partners in a contract."""

    STATE = "contract_partner:state"
    CORRECT = "contract_partner:correct"
    SEE_OWN = "contract_partner:see_own"
    ANSWER = "contract_partner:answer"


OF_MONEY = (*PROVIDERS_CLAIMANTS, *AUTHORITY[Side.PROVIDER])


def leads(by: Acting, contract: Contract) -> bool:
    """The organisation acted for leads this contract."""
    return is_provider(by, contract)


def leads_payment(by: Acting, payment: PartnerPayment) -> bool:
    """The organisation acted for has stated this payment."""
    return is_provider(by, payment.partner.contract)


def is_partner(by: Acting, partner: ContractPartner) -> bool:
    """The organisation acted for is this partner."""
    return partner.organisation_id == by.organisation_id


def is_paid(by: Acting, payment: PartnerPayment) -> bool:
    """The organisation acted for is the partner that was paid."""
    return is_partner(by, payment.partner)


TABLE = {
    PartnersPermission.STATE: rule(OF_MONEY, when=leads),
    PartnersPermission.CORRECT: rule(OF_MONEY, when=leads_payment),
    PartnersPermission.SEE_OWN: rule(OF_MONEY, when=is_partner),
    PartnersPermission.ANSWER: rule(OF_MONEY, when=is_paid),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
