"""Who may do what with a lot."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.models import Lot
from lots.vocabulary import LotState
from marketplace.acting import Acting, Role
from marketplace.permissions import policy, rule


class LotPermission(StrEnum):
    """What can be done with a lot."""

    SEE_PIPELINE = "lot:see_pipeline"
    DRAFT = "lot:draft"
    PLAN = "lot:plan"
    PUBLISH = "lot:publish"
    TAKE_BACK = "lot:take_back"
    OVERRIDE = "lot:override"
    CANCEL = "lot:cancel"
    EVALUATE = "lot:evaluate"
    DECIDE = "lot:decide"


DRAFTERS = (Role.COMMISSIONING_OFFICER, Role.COMMISSIONER_LEAD)
DECIDERS = (Role.DIRECTOR, Role.DECISION_MAKER)


def is_lead_buyer(by: Acting, lot: Lot) -> bool:
    """The lot is led by the organisation acted for."""
    return lot.lead_buyer_id == by.organisation_id


def sees_pipeline(by: Acting, lot: Lot) -> bool:
    """The lead buyer's own people, and the national auditor, who reads everything."""
    return is_lead_buyer(by, lot) or by.has(Role.AUDITOR)


def leads_and_did_not_draft(by: Acting, lot: Lot) -> bool:
    """Four eyes: nobody publishes what they began or changed themselves."""
    wrote = {lot.drafted_by_id, *(editor.person_id for editor in lot.editors)}
    return is_lead_buyer(by, lot) and by.person_id not in wrote


def may_end(by: Acting, lot: Lot) -> bool:
    """Whoever drafts may discard a draft; once the public has seen it, the decider ends it."""
    return is_lead_buyer(by, lot) and (by.has(*DECIDERS) or lot.state == LotState.DRAFT)


TABLE = {
    LotPermission.SEE_PIPELINE: rule(
        [*DRAFTERS, *DECIDERS, Role.EVALUATOR, Role.CONTRACT_MANAGER, Role.AUDITOR],
        when=sees_pipeline,
    ),
    LotPermission.DRAFT: rule(DRAFTERS, when=is_lead_buyer),
    LotPermission.PLAN: rule(DRAFTERS, when=is_lead_buyer),
    LotPermission.PUBLISH: rule(DECIDERS, when=leads_and_did_not_draft),
    LotPermission.TAKE_BACK: rule([*DRAFTERS, *DECIDERS], when=is_lead_buyer),
    LotPermission.OVERRIDE: rule(DECIDERS, when=leads_and_did_not_draft, fresh=True),
    LotPermission.CANCEL: rule([*DRAFTERS, *DECIDERS], when=may_end),
    LotPermission.EVALUATE: rule(DRAFTERS, when=is_lead_buyer),
    LotPermission.DECIDE: rule(DECIDERS, when=is_lead_buyer, fresh=True),
}


def register(app: Flask) -> None:
    """Add this floor's table to the policy."""
    policy(app).add(TABLE)
