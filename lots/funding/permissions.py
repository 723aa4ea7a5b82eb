"""Who may do what with shares, co-signatures and funds."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.funding.models import Fund
from lots.funding.parties import must_sign, takes_part
from lots.permissions import DECIDERS, DRAFTERS, is_lead_buyer
from marketplace.acting import Acting, OrganisationKind, Role
from marketplace.permissions import policy, rule


class FundingPermission(StrEnum):
    """What can be done about the money of a lot."""

    ARRANGE = "funding:arrange"
    SEE = "funding:see"
    ANSWER = "funding:answer"
    SIGN = "funding:sign"
    SEE_FUNDS = "fund:see"
    KEEP_FUNDS = "fund:keep"


def owns(by: Acting, fund: Fund) -> bool:
    """The fund is the organisation's acted for, or its region's."""
    if fund.organisation_id is not None:
        return fund.organisation_id == by.organisation_id
    return by.organisation_kind == OrganisationKind.REGION and fund.region_code == by.region_code


def sees_fund(by: Acting, fund: Fund) -> bool:
    """Its owner's people, and the national auditor, who reads everything."""
    return owns(by, fund) or by.has(Role.AUDITOR)


TABLE = {
    FundingPermission.ARRANGE: rule(DRAFTERS, when=is_lead_buyer),
    FundingPermission.SEE: rule([*DRAFTERS, *DECIDERS], when=takes_part),
    FundingPermission.ANSWER: rule(DRAFTERS, when=takes_part),
    FundingPermission.SIGN: rule(DECIDERS, when=must_sign, fresh=True),
    FundingPermission.SEE_FUNDS: rule([*DRAFTERS, *DECIDERS, Role.AUDITOR], when=sees_fund),
    FundingPermission.KEEP_FUNDS: rule(DRAFTERS, when=owns),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
