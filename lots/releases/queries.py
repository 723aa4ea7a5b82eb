"""Reading what is public: releases in the order of their numbers, records by their last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from lots.pipeline.atom import NEVER
from lots.releases.models import Process, Release, ReleaseHead, ReleaseNumber, ReleaseRecord
from lots.releases.numbering import whole
from marketplace.database import db
from marketplace.permissions import NotYours

PAGE = 100
ENTRIES = 50


@dataclass(frozen=True)
class Piece:
    """Some releases or records in order, the cursor to read on from, and whether more follow."""

    items: list[dict[str, Any]]
    next: int
    more: bool
    at: datetime


def newest() -> int:
    """How many releases are public."""
    return db.session.scalar(select(ReleaseHead.count).where(ReleaseHead.id == 1)) or 0


def _numbered() -> Select:
    return (
        select(ReleaseNumber.number, ReleaseNumber.at, Release, Process)
        .join(Release, Release.id == ReleaseNumber.release_id)
        .join(Process, Process.id == Release.process_id)
        .order_by(ReleaseNumber.number)
    )


def releases(after: int, size: int = PAGE) -> Piece:
    """The next releases after a number."""
    found = db.session.execute(
        _numbered().where(ReleaseNumber.number > after).limit(size + 1)
    ).all()
    shown = found[:size]
    return Piece(
        [whole(release, process) for _number, _at, release, process in shown],
        shown[-1][0] if shown else after,
        len(found) > size,
        max((at for _number, at, _release, _process in shown), default=NEVER),
    )


def releases_of(ocid: str) -> Piece:
    """Every public release of one process. Raises NotYours where there is none."""
    found = db.session.execute(_numbered().where(Process.ocid == ocid)).all()
    if not found:
        raise NotYours(ocid)
    items = [whole(release, process) for _number, _at, release, process in found]
    return Piece(items, found[-1][0], False, found[-1][1])


def records(after: int, size: int = PAGE) -> Piece:
    """The next records after a number; one that changed comes again, behind all others."""
    found = db.session.scalars(
        select(ReleaseRecord)
        .where(ReleaseRecord.number > after)
        .order_by(ReleaseRecord.number)
        .limit(size + 1)
    ).all()
    shown = found[:size]
    by_process = _releases_by_process(shown)
    items = [
        {
            "ocid": record.compiled["ocid"],
            "releases": [each for each, _at in by_process[record.process_id]],
            "compiledRelease": record.compiled,
        }
        for record in shown
    ]
    moments = [at for each in by_process.values() for _release, at in each]
    more = len(found) > size
    return Piece(items, shown[-1].number if shown else after, more, max(moments, default=NEVER))


def _releases_by_process(shown: Sequence[ReleaseRecord]) -> dict[Any, list[Any]]:
    wanted = [record.process_id for record in shown]
    found = db.session.execute(_numbered().where(Process.id.in_(wanted)))
    by_process: dict[Any, list[Any]] = {process_id: [] for process_id in wanted}
    for _number, at, release, process in found:
        by_process[process.id].append((whole(release, process), at))
    return by_process


def record(ocid: str) -> Piece:
    """The record of one process. Raises NotYours where nothing of it is public."""
    found = db.session.scalar(select(ReleaseRecord).join(Process).where(Process.ocid == ocid))
    if found is None:
        raise NotYours(ocid)
    releases = releases_of(ocid)
    item = {"ocid": ocid, "releases": releases.items, "compiledRelease": found.compiled}
    return Piece([item], found.number, False, releases.at)


def years() -> list[int]:
    """The years of the releases' dates, the last first."""
    found = select(ReleaseNumber.year).group_by(ReleaseNumber.year)
    return list(db.session.scalars(found.order_by(ReleaseNumber.year.desc())))


def streamed(year: int | None, up_to: int) -> Iterator[dict[str, Any]]:
    """Every release up to a number, a page at a time; of one year where it is given."""
    after = 0
    while True:
        wanted = _numbered().where(ReleaseNumber.number > after, ReleaseNumber.number <= up_to)
        if year is not None:
            wanted = wanted.where(ReleaseNumber.year == year)
        found = db.session.execute(wanted.limit(PAGE)).all()
        for number, _at, release, process in found:
            after = number
            yield whole(release, process)
        if len(found) < PAGE:
            return


def latest() -> Sequence[Any]:
    """The releases published last, the newest first: (number, moment, release, process)."""
    newest_first = _numbered().order_by(None).order_by(ReleaseNumber.number.desc())
    return db.session.execute(newest_first.limit(ENTRIES)).all()


def newest_of(year: int | None) -> int:
    """The number of the last release, of one year where it is given; 0 where there is none."""
    wanted = select(func.max(ReleaseNumber.number))
    if year is not None:
        wanted = wanted.where(ReleaseNumber.year == year)
    return db.session.scalar(wanted) or 0
