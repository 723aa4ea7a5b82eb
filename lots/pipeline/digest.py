"""One mail a day at most for each address, with what is new; none where nothing is.

A digest tells of the news after those of the digest before, so a day that was missed is caught
up. It claims itself in the reader's row: run twice, or by two processes, it is still one mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import or_, select, update
from sqlalchemy.orm import selectinload

from lots.models import Lot, LotArea
from lots.pipeline import alerts, news
from lots.pipeline.models import Alert, Follow, LotNews, Reader
from lots.pipeline.readers import stop_facts
from lots.pipeline.vocabulary import IN_DIGEST, NEW_LOT, News
from lots.vocabulary import BAND_LIMITS, LotState
from marketplace import clock, jobs, outbox
from marketplace.accounts.models import Person, PersonState
from marketplace.accounts.tokens import email_hash
from marketplace.areas.queries import areas_on
from marketplace.database import changed, db, write

MAIL = "lots/pipeline/mail/digest.txt"
AT = time(7)
BATCH = 200
MOST_NEWS = 5000
MOST_LOTS = 50
STILL_NEW = (LotState.PLANNED, LotState.APPROVED, LotState.OPEN)


@dataclass
class Edition:
    """The news that a batch of readers may be told, with the lots they are about."""

    news: Sequence[LotNews]
    lots: dict[UUID, Lot]
    region_of: dict[str, str]

    def after(self, number: int) -> Iterator[tuple[LotNews, Lot]]:
        """Each news after this number with its lot, in order."""
        for each in self.news:
            if each.number > number:
                yield each, self.lots[each.lot_id]

    def wants(self, alert: Alert, lot: Lot) -> bool:
        """Whether an alert asks for such a lot."""
        return (
            alert.service_code in ("", lot.service_code)
            and (not alert.region_code or any(_in(alert, area) for area in lot.areas))
            and (not alert.area_code or any(self._covers(area, alert) for area in lot.areas))
            and _in_band(alert, lot)
        )

    def _covers(self, area: LotArea, alert: Alert) -> bool:
        if area.area_code is not None:
            return area.area_code == alert.area_code
        return area.region_code == self.region_of.get(alert.area_code)


def _in(alert: Alert, area: LotArea) -> bool:
    return area.region_code == alert.region_code


def _in_band(alert: Alert, lot: Lot) -> bool:
    if alert.band is None:
        return True
    least, most = BAND_LIMITS[alert.band]
    value = lot.value_net_pence
    return value is not None and value >= least and (most is None or value < most)


def send_due(now: datetime) -> int:
    """From seven in the morning, tell every reader what is new since their last digest."""
    today = now.astimezone(clock.LONDON).date()
    if now < _morning(now, 0):
        return 0
    head, sent = news.newest(), 0
    behind = (Reader.told_to < head, or_(Reader.digest_on.is_(None), Reader.digest_on < today))
    batch = select(Reader).where(*behind).order_by(Reader.told_to, Reader.id).limit(BATCH)
    while readers := db.session.scalars(batch.options(selectinload(Reader.alerts))).all():
        edition = _edition(min(reader.told_to for reader in readers), head)
        follows = _follows(readers)
        closed = _closed(readers)
        idle = []
        for reader in readers:
            told = _told(reader, edition, follows.get(reader.id, set()))
            if told and reader.id not in closed:
                sent += _send(reader, head, today, told)
            else:
                idle.append(reader.id)
        _pass_over(idle, head)
    return sent


def _edition(after: int, head: int) -> Edition:
    found = db.session.scalars(
        select(LotNews)
        .where(
            LotNews.number > max(after, head - MOST_NEWS),
            LotNews.number <= head,
            LotNews.kind.in_((*NEW_LOT, *IN_DIGEST)),
        )
        .order_by(LotNews.number)
    ).all()
    about = select(Lot).where(Lot.id.in_({each.lot_id for each in found}))
    lots = db.session.scalars(about.options(selectinload(Lot.areas)))
    region_of = {area.code: area.region_code for area in areas_on(clock.today())}
    return Edition(found, {lot.id: lot for lot in lots}, region_of)


def _follows(readers: Sequence[Reader]) -> dict[UUID, set[UUID]]:
    found = select(Follow.reader_id, Follow.lot_id).where(
        Follow.reader_id.in_([reader.id for reader in readers])
    )
    follows: dict[UUID, set[UUID]] = {}
    for reader_id, lot_id in db.session.execute(found):
        follows.setdefault(reader_id, set()).add(lot_id)
    return follows


def _closed(readers: Sequence[Reader]) -> set[UUID]:
    """Whose account was closed: they asked for nothing any more."""
    theirs = {email_hash(reader.email): reader.id for reader in readers}
    closed = select(Person.email_hash).where(
        Person.email_hash.in_(theirs), Person.state == PersonState.CLOSED
    )
    return {theirs[bytes(each)] for each in db.session.scalars(closed)}


def _told(reader: Reader, edition: Edition, followed: set[UUID]) -> list[dict[str, Any]]:
    """What this reader's digest says: each lot once, with its kinds of news in order."""
    wishes = [alert for alert in reader.alerts if alert.confirmed]
    told: dict[UUID, dict[str, Any]] = {}
    for each, lot in edition.after(reader.told_to):
        is_new = each.kind in NEW_LOT and lot.state in STILL_NEW
        if (is_new and any(edition.wants(alert, lot) for alert in wishes)) or (
            each.kind in IN_DIGEST and lot.id in followed
        ):
            entry = told.setdefault(
                lot.id, {"lot_id": str(lot.id), "title": lot.title, "kinds": []}
            )
            if each.kind not in entry["kinds"]:
                entry["kinds"].append(News(each.kind))
    return list(told.values())


def _send(reader: Reader, head: int, today: Any, told: list[dict[str, Any]]) -> bool:
    """Claim the day in the reader's row and post the mail; False where another was faster."""
    with write():
        claim = (
            update(Reader)
            .where(
                Reader.id == reader.id,
                Reader.told_to == reader.told_to,
                or_(Reader.digest_on.is_(None), Reader.digest_on < today),
            )
            .values(digest_on=today, told_to=head)
            .execution_options(synchronize_session=False)
        )
        if not changed(claim):
            return False
        outbox.post(
            MAIL,
            to=reader.email,
            facts={
                "lots": told[:MOST_LOTS],
                "more": max(0, len(told) - MOST_LOTS),
                **stop_facts(reader),
            },
            language=reader.language,
        )
    return True


def _pass_over(reader_ids: list[UUID], head: int) -> None:
    if reader_ids:
        with write():
            db.session.execute(
                update(Reader)
                .where(Reader.id.in_(reader_ids), Reader.told_to < head)
                .values(told_to=head)
                .execution_options(synchronize_session=False)
            )


def next_due(after: datetime) -> datetime | None:
    """Seven in the morning, London's time, of the next day, while somebody is behind the news."""
    behind = select(Reader.id).where(Reader.told_to < news.newest()).limit(1)
    if db.session.scalar(behind) is None:
        return None
    today = _morning(after, 0)
    return today if after < today else _morning(after, 1)


def _morning(moment: datetime, days: int) -> datetime:
    day = moment.astimezone(clock.LONDON).date() + timedelta(days=days)
    return datetime.combine(day, AT, clock.LONDON).astimezone(UTC)


def register(app: Flask) -> None:
    """Send digests, and forget what was never confirmed, with every round of jobs."""
    jobs.register(app, "send digests of lots", send_due, next_due)
    jobs.register(app, "forget unconfirmed alerts", alerts.forget_unconfirmed)
