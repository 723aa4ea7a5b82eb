"""Providers of buyers that pay through Stripe are asked to set up their accounts there."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from lots.contracts.lifecycle import COMPLETE_SIGNING
from lots.contracts.models import Contract, ContractState
from marketplace import events
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.payments.bodies.actions import ACCOUNT_GIVEN
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.payees.actions import want

# As long as money can still fall due under it.
RUNNING = (
    ContractState.SIGNED,
    ContractState.MOBILISING,
    ContractState.LIVE,
    ContractState.ENDING,
)


def ask_provider(contract: Contract, by: Acting | None) -> None:
    """The contract is signed: its provider is asked, where the buyer pays through Stripe."""
    want(contract.buyer_id, contract.provider_id, by)


def ask_all(account: StripeAccount, by: Acting | None) -> None:
    """The buyer begins to pay through Stripe: the providers of its contracts are asked."""
    providers = select(Contract.provider_id).where(
        Contract.buyer_id == account.organisation_id,
        Contract.provider_id.is_not(None),
        Contract.state.in_(RUNNING),
        Contract.signed_at.is_not(None),
    )
    for provider_id in db.session.scalars(providers.distinct().order_by(Contract.provider_id)):
        want(account.organisation_id, provider_id, by)


def register(app: Flask) -> None:
    """Ask at these moments."""
    events.when(app, COMPLETE_SIGNING, ask_provider)
    events.when(app, ACCOUNT_GIVEN, ask_all)
