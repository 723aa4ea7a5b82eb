"""A draft whose key the region's own people are to hold: their codes are still to be made."""

from __future__ import annotations

from sqlalchemy import select

from lots.demonstration.lots import COPIED, COPY_TITLE, decider, drafter, told_of
from lots.keyholders.actions import add_holder, choose_splitting
from lots.models import Lot
from marketplace.database import db, write


def build() -> None:
    """Choose the officer and the decision-maker of the copied draft, once."""
    lot = db.session.scalars(select(Lot).where(Lot.title == COPY_TITLE)).one_or_none()
    if lot is None or lot.splits_key:
        return
    officer, director = drafter(told_of(COPIED)), decider(told_of(COPIED))
    with write():
        choose_splitting(lot.id, True, officer)
        for each in (officer, director):
            add_holder(lot.id, each.person_id, officer)
