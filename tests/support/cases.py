"""A case with an early end proposed, and cases with a record made in error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.database import write
from referrals.codes import EndReason
from referrals.corrections import queries as corrections
from referrals.corrections.actions import Right, put_right
from referrals.corrections.models import Wrong
from referrals.early_ends import actions
from tests.support import referrals

if TYPE_CHECKING:
    from tests.support.world import World


def add_to(world: World) -> None:
    """Add the case with its proposal, and those with a record made in error."""
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
    _add_corrections(world)


def _add_corrections(world: World) -> None:
    """A case with a meeting that can be put right, and one of which that was done."""
    area_id, by = world.things["service"]["contract_area_id"], world.by("assigned")
    for name in ("case with a record", "case put right"):
        case = referrals.started(referrals.send(area_id, world.by("author")), by)
        with write():
            [record] = corrections.records_of(case)
            about = {"kind": record.kind.value, "record_id": record.id}
            if name == "case put right":
                said = Right(Wrong.NOT_HELD, "Somebody else came.")
                correction = put_right(case.id, record.kind, record.id, said, by)
                about = {"correction_id": correction.id}
        world.things[name] = {"referral_id": case.id, **about}
