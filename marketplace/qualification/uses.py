"""How many applications were made with each version of the questions, for the question bank."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, union_all

from marketplace.database import db
from marketplace.qualification.models import Application


def applications_made_with(set_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The count by version; a version of no application is left out. One statement."""
    used = union_all(
        *(
            select(column.label("set_id")).where(column.in_(set_ids))
            for column in (Application.set_id, Application.category_set_id)
        )
    ).subquery()
    counted = select(used.c.set_id, func.count()).group_by(used.c.set_id)
    return {set_id: count for set_id, count in db.session.execute(counted)}
