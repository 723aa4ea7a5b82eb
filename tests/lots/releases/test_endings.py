"""Why a contract ended, as everybody reads it."""

from __future__ import annotations

from sqlalchemy import select

from lots.contracts.continuity import actions
from lots.contracts.continuity.models import ActKind, ActReason, CancelReason
from lots.releases.models import Release
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, write
from tests.support.continuity import days_pass, end_contract, give_notice
from tests.support.contracts import make_live_contract
from tests.support.people import acting_as, make_organisation, make_person


def test_the_reason_is_that_of_the_notice_that_took_effect_not_of_one_never_confirmed(app):
    region = make_organisation(OrganisationKind.REGION, region_code="K")
    manager = acting_as(make_person(Role.CONTRACT_MANAGER, region))
    director = acting_as(make_person(Role.DIRECTOR, region))
    contract = make_live_contract(buyer=region)
    dropped = give_notice(contract.id, manager, ActKind.ENDING, reason=ActReason.PERFORMANCE)
    with write():
        actions.cancel(dropped.id, CancelReason.NOT_CONFIRMED, director)
    end_contract(contract.id, manager, director, days=0)
    days_pass(0)
    told = select(Release).where(Release.contract_id == contract.id)
    last = db.session.scalars(told.order_by(Release.position.desc()).limit(1)).one()
    assert last.tags == ["contractTermination"]
    (section,) = last.body["contracts"]
    assert section["terminationRationaleClassification"]["id"] == ActReason.REORGANISED
