"""Entries and conversations of the partner finder for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from bids.finder import actions
from bids.finder.actions import Sought
from bids.finder.models import Side
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import write
from tests.support.people import manager_of


def sought(**facts: Any) -> Sought:
    """A sound entry; `facts` replace single parts."""
    return Sought(
        **{
            "side": Side.LEAD,
            "area_codes": ("kent", "sussex"),
            "category_codes": ("women",),
            "words": "We run three women’s centres and want to deliver a part.",
            "ends_on": clock.today() + timedelta(days=90),
        }
        | facts
    )


def entry_of(by: Acting, **facts: Any) -> UUID:
    """A posted entry; its id."""
    with write():
        return actions.post_entry(sought(**facts), by).id


def thread_between(owner: Acting, asker: Acting, text: str = "Shall we talk?") -> UUID:
    """A conversation that the asker has begun about a new entry of the owner; its id."""
    entry_id = entry_of(owner)
    with write():
        return actions.write_first(entry_id, text, asker).id


def add_to(world: Any) -> None:
    """An entry of the provider, and a conversation of it with a third organisation."""
    own = world.by("bid manager")
    world.things["own entry"] = {"entry_id": entry_of(own)}
    world.things["conversation"] = {"thread_id": thread_between(own, manager_of())}
