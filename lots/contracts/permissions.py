"""Who may do what with a contract, its places and its claims."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask
from sqlalchemy import ColumnElement, and_, exists, or_, select

from lots.contracts.changes.models import ContractShare
from lots.contracts.claims.models import Claim
from lots.contracts.models import CONFIRMED_BY, Contract, MobilisationItem, Side
from lots.funding.models import FunderState, LotFunder
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.permissions import policy, rule


class ContractPermission(StrEnum):
    """What can be done with a contract."""

    SEE = "contract:see"
    SEE_AS_PAYER = "contract:see_as_payer"
    SIGN = "contract:sign"
    CONFIRM = "contract:confirm"
    GO_LIVE = "contract:go_live"
    SET_PLACES = "contract:set_places"
    SEE_CLAIMS = "claim:see"
    QUERY_CLAIM = "claim:query"
    ANSWER_QUERY = "claim:answer_query"
    APPROVE_CLAIM = "claim:approve"


# Whose typed name binds each side. PCCs and other buyers have no contract managers: their
# co-commissioner lead manages.
AUTHORITY = {
    Side.BUYER: (Role.DIRECTOR, Role.DECISION_MAKER),
    Side.PROVIDER: (Role.TRUSTEE, Role.BID_MANAGER),
}
MANAGERS = (Role.CONTRACT_MANAGER, Role.COMMISSIONER_LEAD)
CONFIRMERS = {
    Side.BUYER: MANAGERS,
    Side.PROVIDER: (Role.SERVICE_MANAGER, Role.BID_MANAGER, Role.TRUSTEE),
}
PROVIDERS_CLAIMANTS = (Role.FINANCE, Role.SERVICE_MANAGER)


def side_of(by: Acting, contract: Contract) -> Side | None:
    """The side of the contract that the organisation acted for stands on, None if neither."""
    if contract.buyer_id == by.organisation_id:
        return Side.BUYER
    return Side.PROVIDER if contract.provider_id == by.organisation_id else None


def is_party_or_auditor(by: Acting, contract: Contract) -> bool:
    """Both sides' people, and the national auditor, who reads everything."""
    return side_of(by, contract) is not None or by.has(Role.AUDITOR)


def paid_by(by: Acting) -> ColumnElement[bool]:
    """Signed contracts of others of which the organisation acted for pays a share now.

    The contract's own shares count where a change has set them, else those of its lot.
    """
    of_contract = ContractShare.contract_id == Contract.id
    own = exists().where(
        of_contract, ContractShare.organisation_id == by.organisation_id, ContractShare.pence > 0
    )
    of_lot = exists().where(
        LotFunder.lot_id == Contract.lot_id,
        LotFunder.organisation_id == by.organisation_id,
        LotFunder.state == FunderState.ACCEPTED,
        LotFunder.share_pence > 0,
    )
    return and_(
        Contract.signed_at.is_not(None),
        Contract.buyer_id != by.organisation_id,
        or_(own, and_(of_lot, ~exists().where(of_contract))),
    )


def pays_share(by: Acting, contract: Contract) -> bool:
    """The organisation acted for pays a share of this contract, which another buys."""
    paid = select(Contract.id).where(Contract.id == contract.id, paid_by(by))
    return db.session.scalar(paid) is not None


def may_bind(by: Acting, contract: Contract) -> bool:
    """A role that binds this side; one person cannot bind both, acting for one at a time."""
    side = side_of(by, contract)
    return side is not None and by.has(*AUTHORITY[side])


def confirms(by: Acting, item: MobilisationItem) -> bool:
    """The item belongs to the side acted for, and the role answers for it there."""
    side = CONFIRMED_BY[item.kind]
    return side_of(by, item.contract) == side and by.has(*CONFIRMERS[side])


def is_buyer(by: Acting, contract: Contract) -> bool:
    """The organisation acted for buys under this contract."""
    return side_of(by, contract) == Side.BUYER


def is_provider(by: Acting, contract: Contract) -> bool:
    """The organisation acted for delivers this contract."""
    return side_of(by, contract) == Side.PROVIDER


def claims_buyer(by: Acting, claim: Claim) -> bool:
    """The organisation acted for pays this claim."""
    return is_buyer(by, claim.contract)


def claims_provider(by: Acting, claim: Claim) -> bool:
    """The organisation acted for is paid by this claim."""
    return is_provider(by, claim.contract)


TABLE = {
    ContractPermission.SEE: rule(
        [
            Role.COMMISSIONING_OFFICER,
            *MANAGERS,
            *AUTHORITY[Side.BUYER],
            *AUTHORITY[Side.PROVIDER],
            *PROVIDERS_CLAIMANTS,
            Role.AUDITOR,
        ],
        when=is_party_or_auditor,
    ),
    ContractPermission.SEE_AS_PAYER: rule(
        [Role.COMMISSIONING_OFFICER, *MANAGERS, *AUTHORITY[Side.BUYER]], when=pays_share
    ),
    ContractPermission.SIGN: rule(
        [*AUTHORITY[Side.BUYER], *AUTHORITY[Side.PROVIDER]], when=may_bind
    ),
    ContractPermission.CONFIRM: rule(
        [*CONFIRMERS[Side.BUYER], *CONFIRMERS[Side.PROVIDER]], when=confirms
    ),
    ContractPermission.GO_LIVE: rule(MANAGERS, when=is_buyer),
    ContractPermission.SET_PLACES: rule([Role.SERVICE_MANAGER], when=is_provider),
    ContractPermission.SEE_CLAIMS: rule(
        [*MANAGERS, *AUTHORITY[Side.BUYER], *PROVIDERS_CLAIMANTS, Role.AUDITOR],
        when=is_party_or_auditor,
    ),
    ContractPermission.QUERY_CLAIM: rule(PROVIDERS_CLAIMANTS, when=claims_provider),
    ContractPermission.ANSWER_QUERY: rule(MANAGERS, when=claims_buyer),
    ContractPermission.APPROVE_CLAIM: rule(MANAGERS, when=claims_buyer, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
