"""Who checks a claim, who approves it as the second person, and who sets the limit for that."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.contracts.claims.models import Claim
from lots.contracts.models import Side
from lots.contracts.permissions import (
    AUTHORITY,
    MANAGERS,
    PROVIDERS_CLAIMANTS,
    ContractPermission,
    claims_buyer,
    claims_provider,
)
from lots.contracts.permissions import TABLE as CONTRACTS
from marketplace.acting import Acting
from marketplace.permissions import policy, rule


class ClaimPermission(StrEnum):
    """What else can be done with claims."""

    LIST = "claim:list"
    CHECK = "claim:check"
    APPROVE_MANY = "claim:approve_many"
    APPROVE_SECOND = "claim:approve_second"
    SET_LIMIT = "claim:set_limit"
    RECORD_GIVEN_BACK = "claim:record_given_back"


def is_another(by: Acting, claim: Claim) -> bool:
    """Of the buyer, and not the person who approved it first."""
    return claims_buyer(by, claim) and by.person_id != claim.first_approved_by_id


SECONDS = (*MANAGERS, *AUTHORITY[Side.BUYER])
TABLE = {
    ClaimPermission.LIST: rule(CONTRACTS[ContractPermission.SEE_CLAIMS].roles),
    ClaimPermission.CHECK: rule(PROVIDERS_CLAIMANTS, when=claims_provider),
    ClaimPermission.APPROVE_MANY: rule(MANAGERS, fresh=True),
    ClaimPermission.APPROVE_SECOND: rule(SECONDS, when=is_another, fresh=True),
    ClaimPermission.SET_LIMIT: rule(AUTHORITY[Side.BUYER], fresh=True),
    ClaimPermission.RECORD_GIVEN_BACK: rule(MANAGERS, when=claims_buyer, fresh=True),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
