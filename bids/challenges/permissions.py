"""Who challenges an award, and who answers: never somebody of a bidder, never an evaluator."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from flask import Flask

from bids.evaluation.permissions import leads, leads_and_did_not_score
from bids.permissions import BIDDERS, is_bidder
from lots.permissions import DECIDERS, DRAFTERS
from marketplace.acting import Acting
from marketplace.permissions import policy, rule


class ChallengePermission(StrEnum):
    """What can be done with challenges."""

    RAISE = "challenge:raise"
    RECORD = "challenge:record"
    READ = "challenge:read"
    DISMISS = "challenge:dismiss"
    UPHOLD = "challenge:uphold"


def decides_of(by: Acting, challenge: Any) -> bool:
    """Who decides on the award decides on its challenge."""
    return leads_and_did_not_score(by, challenge.award.evaluation)


TABLE = {
    ChallengePermission.RAISE: rule(BIDDERS, when=is_bidder),
    ChallengePermission.RECORD: rule([*DRAFTERS, *DECIDERS], when=leads),
    ChallengePermission.READ: rule([*DRAFTERS, *DECIDERS], when=leads),
    ChallengePermission.DISMISS: rule([*DRAFTERS, *DECIDERS], when=decides_of, fresh=True),
    ChallengePermission.UPHOLD: rule(DECIDERS, when=decides_of, fresh=True),
}


def register(app: Flask) -> None:
    """Add the table to the policy."""
    policy(app).add(TABLE)
