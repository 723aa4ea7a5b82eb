"""Who may do what with changes to a contract."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.changes.models import Capacity, ChangeParty, ContractChange
from lots.contracts.models import Contract, Side
from lots.contracts.permissions import AUTHORITY, CONFIRMERS, is_party_or_auditor, side_of
from marketplace.acting import Acting, Role
from marketplace.permissions import policy, rule


class ChangePermission(StrEnum):
    """What can be done with a change."""

    SEE = "contract_change:see"
    PROPOSE = "contract_change:propose"
    SIGN = "contract_change:sign"
    REFUSE = "contract_change:refuse"
    WITHDRAW = "contract_change:withdraw"


PROPOSERS = {
    side: tuple(dict.fromkeys((*CONFIRMERS[side], *AUTHORITY[side])))
    for side in (Side.BUYER, Side.PROVIDER)
}
SIGNERS = (*AUTHORITY[Side.BUYER], *AUTHORITY[Side.PROVIDER])
OF_PROVIDERS = (Capacity.PROVIDER, Capacity.PARTNER)


def authority_of(party: ChangeParty) -> tuple[Role, ...]:
    """Whose typed name binds this party."""
    return AUTHORITY[Side.PROVIDER if party.capacity in OF_PROVIDERS else Side.BUYER]


def party_of(by: Acting, change: ContractChange) -> ChangeParty | None:
    """The party that the organisation acted for is, None if it is none."""
    return next((p for p in change.parties if p.organisation_id == by.organisation_id), None)


def may_sign(by: Acting, change: ContractChange) -> bool:
    """A role that binds an organisation that must sign."""
    party = party_of(by, change)
    return party is not None and by.has(*authority_of(party))


def may_refuse(by: Acting, change: ContractChange) -> bool:
    """Who may sign for any but the side that proposed it, which withdraws instead."""
    return may_sign(by, change) and side_of(by, change.contract) != change.proposed_side


def may_propose(by: Acting, contract: Contract) -> bool:
    """Whoever runs the contract for either side, or binds it."""
    side = side_of(by, contract)
    return side is not None and by.has(*PROPOSERS[side])


def may_withdraw(by: Acting, change: ContractChange) -> bool:
    """The side that proposed it."""
    side = side_of(by, change.contract)
    return side == change.proposed_side and may_propose(by, change.contract)


def sees(by: Acting, change: ContractChange) -> bool:
    """Both sides, the auditor, and whoever else must sign."""
    return is_party_or_auditor(by, change.contract) or party_of(by, change) is not None


TABLE = {
    ChangePermission.SEE: rule(
        [
            Role.COMMISSIONING_OFFICER,
            Role.COMMISSIONER_LEAD,
            *PROPOSERS[Side.BUYER],
            *PROPOSERS[Side.PROVIDER],
            Role.FINANCE,
            Role.AUDITOR,
        ],
        when=sees,
    ),
    ChangePermission.PROPOSE: rule(
        [*PROPOSERS[Side.BUYER], *PROPOSERS[Side.PROVIDER]], when=may_propose
    ),
    ChangePermission.SIGN: rule(SIGNERS, when=may_sign),
    ChangePermission.REFUSE: rule(SIGNERS, when=may_refuse),
    ChangePermission.WITHDRAW: rule(
        [*PROPOSERS[Side.BUYER], *PROPOSERS[Side.PROVIDER]], when=may_withdraw
    ),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
