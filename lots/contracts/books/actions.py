"""What a person does with the books: say that a funder has its part of what came back."""

from __future__ import annotations

from uuid import UUID

from lots.contracts.books import contributions
from lots.contracts.books.models import Contribution
from marketplace.acting import Acting
from marketplace.database import db


def give_back(contribution_id: UUID, by: Acting) -> Contribution:
    """Record that a funder has been given its part back. Raises Refused, AlreadyChanged."""
    contribution = db.session.get_one(
        Contribution,
        contribution_id,
        with_for_update={"of": Contribution},
        populate_existing=True,
    )
    contributions.give_back(contribution, by)
    return contribution
