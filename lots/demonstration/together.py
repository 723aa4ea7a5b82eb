"""Two lots of the demonstration that are competed for together, at most one for one bidder."""

from __future__ import annotations

from uuid import UUID

from lots.together import actions
from marketplace.acting import Acting

FIRST, SECOND = "homes-north-yorkshire", "homes-yorkshire"
TITLE = "Homes in Yorkshire 2026"
MOST_LOTS = 1


def put_together(first_id: UUID, second_id: UUID, officer: Acting) -> None:
    """Put the two drafts into one competition, with its limit."""
    competition = actions.begin(first_id, TITLE, officer)
    actions.join(second_id, competition.id, officer)
    actions.set_rule(first_id, TITLE, MOST_LOTS, officer)
