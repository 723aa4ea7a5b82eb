"""A case with an urgent note from its provider, in the world of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.database import write
from referrals.notes import actions as notes
from tests.support import referrals

if TYPE_CHECKING:
    from tests.support.world import World


def add_to(world: World) -> None:
    """Add the case with its note."""
    area_id = world.things["service"]["contract_area_id"]
    case = referrals.accepted(referrals.send(area_id, world.by("author")), world.by("assigned"))
    with write():
        note = notes.write_note(case.id, "Please ring.", world.by("assigned"), is_urgent=True)
        world.things["case with an urgent note"] = {"referral_id": case.id, "note_id": note.id}
    world.things["case to amend"] = {
        "referral_id": case.id,
        "topic": "contact",
        "need": "accommodation",
    }
