"""Who asks, answers, changes and moves."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from lots.competition.models import Clarification, LotChange
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS, is_lead_buyer
from marketplace.acting import ROLES_OF_KIND, Acting, OrganisationKind, Role
from marketplace.permissions import policy, rule


class CompetitionPermission(StrEnum):
    """What can be done in a competition."""

    ASK = "competition:ask"
    SEE_QUESTIONS = "competition:see_questions"
    ANSWER = "competition:answer"
    SEE_ASKER = "competition:see_asker"
    CHANGE = "competition:change"
    APPROVE_CHANGE = "competition:approve_change"
    DROP_CHANGE = "competition:drop_change"


def of_led_lot(by: Acting, clarification: Clarification) -> bool:
    """The question was asked about a lot led by the organisation acted for."""
    return clarification.lot.lead_buyer_id == by.organisation_id


def sees_questions(by: Acting, lot: Lot) -> bool:
    """The lead buyer's people, and the national auditor."""
    return is_lead_buyer(by, lot) or by.has(Role.AUDITOR)


def of_led(by: Acting, change: LotChange) -> bool:
    """The change is of a lot led by the organisation acted for."""
    return is_lead_buyer(by, change.lot)


def leads_and_did_not_propose(by: Acting, change: LotChange) -> bool:
    """Four eyes: nobody approves what they proposed."""
    return is_lead_buyer(by, change.lot) and change.proposed_by_id != by.person_id


TABLE = {
    CompetitionPermission.ASK: rule(ROLES_OF_KIND[OrganisationKind.PROVIDER], second_factor=False),
    CompetitionPermission.SEE_QUESTIONS: rule(
        [*DRAFTERS, *DECIDERS, Role.AUDITOR], when=sees_questions
    ),
    CompetitionPermission.ANSWER: rule(DRAFTERS, when=of_led_lot),
    CompetitionPermission.SEE_ASKER: rule([Role.AUDITOR]),
    CompetitionPermission.CHANGE: rule(DRAFTERS, when=is_lead_buyer),
    CompetitionPermission.APPROVE_CHANGE: rule(DECIDERS, when=leads_and_did_not_propose),
    CompetitionPermission.DROP_CHANGE: rule([*DRAFTERS, *DECIDERS], when=of_led),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
