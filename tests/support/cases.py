"""A case whose provider has proposed to end it, in the world of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.database import write
from referrals.codes import EndReason
from referrals.early_ends import actions
from tests.support import referrals

if TYPE_CHECKING:
    from tests.support.world import World


def add_to(world: World) -> None:
    """Add the case with its proposal."""
    area_id = world.things["service"]["contract_area_id"]
    case = referrals.started(referrals.send(area_id, world.by("author")), world.by("assigned"))
    with write():
        proposal = actions.propose(
            case.id, EndReason.MOVED, "Has moved to Leeds.", world.by("assigned")
        )
        world.things["case with an end proposed"] = {
            "referral_id": case.id,
            "proposal_id": proposal.id,
        }
