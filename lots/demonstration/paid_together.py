"""Lots that were paid for together from the beginning: shares promised before they opened."""

from __future__ import annotations

from uuid import UUID

from lots.demonstration.data import Told
from lots.funding import actions
from marketplace.acting import Acting, Role
from marketplace.database import db
from marketplace.demonstration.world import acting_for, organisation

# Of each lot: (funder, pounds, what the lead buyer wrote). They leave publication and award to it.
SHARES = {
    "homes-yorkshire": (
        (
            "funder",
            24_000,
            "As we said in Hull: a part of the first year, for people leaving custody.",
        ),
    ),
    "homes-north-east": (
        ("commissioner", 90_000, "For places in Northumbria, as in your plan for the next years."),
    ),
}


def share_out(told: Told, lot_id: UUID, officer: Acting) -> None:
    """Have each funder of this lot promise its share."""
    for key, pounds, note in SHARES.get(told.key, ()):
        actions.invite(lot_id, organisation(key).id, pounds * 100, note, officer)
        db.session.flush()
        actions.accept(lot_id, pounds * 100, False, acting_for(key, Role.COMMISSIONER_LEAD))
        db.session.flush()
