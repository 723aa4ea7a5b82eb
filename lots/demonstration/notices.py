"""Notices that want somebody: one that lacks something, and one that the platform rejects."""

from __future__ import annotations

from sqlalchemy import select

from lots.models import Lot
from lots.notices.models import Notice
from lots.notices.posting import post
from lots.notices.vocabulary import NoticeKind
from lots.vocabulary import LotState, Route
from marketplace.database import db, write

REJECTED = NoticeKind.OPENING


def build() -> None:
    """Leave one notice of an open lot incomplete; have the practice platform reject another."""
    with write():
        open_lot = db.session.scalars(
            select(Lot)
            .where(Lot.state == LotState.OPEN, Lot.route == Route.CONTRACT)
            .where(Lot.is_demonstration.is_(True))
            .order_by(Lot.published_at.desc(), Lot.reference)
        ).first()
        if open_lot is None:
            return
        post(open_lot, NoticeKind.CHANGE)
        opening = db.session.scalars(
            select(Notice).where(Notice.lot_id == open_lot.id, Notice.kind == REJECTED)
        ).first()
        if opening is not None:
            opening.sandbox_rejects = True
