"""Mails to those who must act on a contract or should know; none names a person or a price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lots.contracts.models import Contract, Side
from lots.funding.mails import addresses
from marketplace import outbox
from marketplace.acting import Role


def tell(
    contract: Contract, template: str, roles: Mapping[Side, Iterable[Role]], **facts: Any
) -> None:
    """Post one mail to everybody who holds one of these roles on these sides of the contract."""
    organisations = {Side.BUYER: contract.buyer_id, Side.PROVIDER: contract.provider_id}
    for side, wanted in roles.items():
        for address in addresses([organisations[side]], wanted):
            outbox.post(
                f"lots/contracts/mail/{template}.txt",
                to=address,
                subject_id=contract.id,
                facts={"reference": contract.reference, "contract_id": str(contract.id), **facts},
            )
