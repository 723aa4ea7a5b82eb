"""Who describes a service, and who sees what was looked for in vain."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from lots.contracts.models import Contract, ContractArea
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.permissions import policy, rule
from referrals.permissions import delivered_by


class ServicePermission(StrEnum):
    """What can be done with services besides referring to them."""

    DESCRIBE = "service:describe"
    SEE_UNMET = "service:see_unmet"


# Whoever plans or buys, and the managers of delivery units who meet the gap every day.
PLANNERS = (
    Role.COMMISSIONING_OFFICER,
    Role.CONTRACT_MANAGER,
    Role.DIRECTOR,
    Role.TEAM_MANAGER,
    Role.COMMISSIONER_LEAD,
    Role.DECISION_MAKER,
    Role.FRAMEWORK_MANAGER,
)


def delivers_area(by: Acting, contract_area_id: UUID) -> bool:
    """The organisation acted for holds the area's contract, or is its partner there."""
    found = (
        select(ContractArea.id)
        .join(Contract, Contract.id == ContractArea.contract_id)
        .where(ContractArea.id == contract_area_id, delivered_by(by.organisation_id))
    )
    return db.session.scalar(found) is not None


TABLE = {
    ServicePermission.DESCRIBE: rule((Role.SERVICE_MANAGER,), when=delivers_area),
    ServicePermission.SEE_UNMET: rule(PLANNERS),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
