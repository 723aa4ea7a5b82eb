"""Who proposes an early end, who answers, and who takes a proposal back."""

from __future__ import annotations

from enum import StrEnum

from flask import Flask

from marketplace.acting import Acting
from marketplace.permissions import policy, rule
from referrals.early_ends.models import EarlyEndProposal
from referrals.permissions import PROBATION, PROVIDERS, delivers, refers


class EarlyEndPermission(StrEnum):
    """What can be done about an early end."""

    PROPOSE = "early_end:propose"
    ANSWER = "early_end:answer"
    TAKE_BACK = "early_end:take_back"


def answers(by: Acting, proposal: EarlyEndProposal) -> bool:
    """The organisation acted for made the referral; `visible_to` narrows it to own and team's."""
    return refers(by, proposal.referral)


def made(by: Acting, proposal: EarlyEndProposal) -> bool:
    """This person has made the proposal, for the organisation acted for."""
    return proposal.by_id == by.person_id and proposal.organisation_id == by.organisation_id


TABLE = {
    EarlyEndPermission.PROPOSE: rule(PROVIDERS, when=delivers),
    EarlyEndPermission.ANSWER: rule(PROBATION, when=answers),
    EarlyEndPermission.TAKE_BACK: rule(PROVIDERS, when=made),
}


def register(app: Flask) -> None:
    """Add this room's table to the policy."""
    policy(app).add(TABLE)
