"""What becomes public about lots, numbered in the order of the commits that made it public.

The numbers carry the feeds and the digests: whoever has read up to a number has missed nothing
before it. They are given at the end of each write, after the head of the audit chain is locked.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from lots.lifecycle import LOT
from lots.models import Lot
from lots.pipeline import following
from lots.pipeline.models import LotListing, LotNews, NewsHead
from lots.pipeline.vocabulary import AT_ONCE, News
from lots.vocabulary import LotState
from marketplace import clock, events
from marketplace.acting import Acting
from marketplace.database import db, insert_into, last_before_commit, writing

OF_STATE = {
    LotState.PLANNED: News.PLANNED,
    LotState.APPROVED: News.PLANNED,
    LotState.OPEN: News.OPENED,
    LotState.CLOSED: News.CLOSED,
    LotState.EVALUATING: News.PROGRESSED,
    LotState.RECOMMENDED: News.PROGRESSED,
    LotState.STANDSTILL: News.PROGRESSED,
    LotState.AWARDED: News.AWARDED,
    LotState.NO_AWARD: News.NO_AWARD,
    LotState.CANCELLED: News.CANCELLED,
}


def tell(lot: Lot, kind: News) -> None:
    """Note inside a write that the public reads something new of this lot, and mail its followers.

    Does nothing for a lot that the public never saw. Must never be called for what happens to
    bids: the moment is published.
    """
    if not writing():
        raise RuntimeError("news belong to the write that makes them")
    if not _is_public(lot):
        return
    if kind is News.PLANNED and db.session.get(LotListing, lot.id) is not None:
        kind = News.PLAN_CHANGED
    noted = {"lot_id": lot.id, "kind": kind, "at": clock.now()}
    db.session().info.setdefault("lot_news", []).append(noted)
    if kind in AT_ONCE:
        following.mail_followers(lot, kind)


def newest() -> int:
    """The number of the last news, 0 before the first."""
    return db.session.scalar(select(NewsHead.count).where(NewsHead.id == 1)) or 0


def _is_public(lot: Lot) -> bool:
    if lot.state == LotState.CANCELLED:
        return lot.planned_at is not None or lot.published_at is not None
    return lot.state != LotState.DRAFT


def _number(session: Session) -> None:
    noted = session.info.pop("lot_news", [])
    if not noted:
        return
    connection = session.connection()
    head = select(NewsHead.count).where(NewsHead.id == 1).with_for_update()
    count = connection.scalar(head)
    if count is None:
        connection.execute(insert(NewsHead).values(id=1, count=0))
        count = 0
    rows = [{**each, "number": number} for number, each in enumerate(noted, count + 1)]
    connection.execute(insert(LotNews.__table__), rows)
    connection.execute(update(NewsHead).where(NewsHead.id == 1).values(count=rows[-1]["number"]))
    for row in rows:
        connection.execute(_listed(row))


def _listed(row: dict[str, Any]) -> Any:
    stands = {"number": row["number"], "changed_at": row["at"]}
    return (
        insert_into(LotListing.__table__)
        .values(lot_id=row["lot_id"], **stands)
        .on_conflict_do_update(index_elements=["lot_id"], set_=stands)
    )


def _heard(kind: News) -> Any:
    def handler(lot: Lot, by: Acting | None) -> None:
        tell(lot, kind)

    return handler


def register(app: Flask) -> None:
    """Make news of every step that a lot takes, and number them with their write."""
    for step in LOT.steps:
        if step.to in OF_STATE:
            events.when(app, step, _heard(OF_STATE[LotState(step.to)]))
    last_before_commit(app, _number)
