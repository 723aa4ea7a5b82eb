"""Releases become public in the order of their numbers, given at the end of each write.

Whoever has read up to a number has missed nothing before it. A release whose notice may not be
published here yet waits, and every later one of its process waits behind it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lots.notices.models import Notice
from lots.releases.merging import merge
from lots.releases.models import Process, Release, ReleaseHead, ReleaseNumber, ReleaseRecord
from lots.releases.processes import own_ocid
from lots.releases.publication import published_here
from lots.releases.values import moment
from marketplace import calendar, clock
from marketplace.database import db, insert_into, last_before_commit, writing

LANGUAGE = "en"
NOTED = "releases to number"


def to_number(process_id: UUID) -> None:
    """Note inside a write that a process has releases that may become public with it."""
    if not writing():
        raise RuntimeError("a release belongs to the write that makes it")
    db.session().info.setdefault(NOTED, {})[process_id] = None


def whole(release: Release, process: Process) -> dict[str, Any]:
    """A release as it is published: its head, then its body."""
    return {
        "ocid": process.ocid,
        "id": f"{process.reference}-{release.position}",
        "date": moment(release.at),
        "tag": release.tags,
        "language": LANGUAGE,
        "initiationType": "tender",
        **release.body,
    }


def _number(session: Session) -> None:
    noted = session.info.pop(NOTED, {})
    ready = [(process_id, found) for process_id in noted if (found := _ready(session, process_id))]
    if not ready:
        return
    head = _locked_head(session)
    for process_id, releases in ready:
        process = session.get_one(Process, process_id)
        if process.ocid is None:
            process.ocid = _platforms(session, process) or own_ocid(process)
        for release in releases:
            head.count += 1
            at = clock.now()
            year = calendar.day_of(release.at).year
            session.add(ReleaseNumber(number=head.count, release_id=release.id, at=at, year=year))
        session.flush()
        _keep_record(session, process, head.count)


def _ready(session: Session, process_id: UUID) -> list[Release]:
    """Its releases without a number, up to the first that must wait."""
    found = session.execute(
        select(Release, Notice)
        .outerjoin(Notice, Notice.id == Release.notice_id)
        .outerjoin(ReleaseNumber, ReleaseNumber.release_id == Release.id)
        .where(Release.process_id == process_id, ReleaseNumber.number.is_(None))
        .order_by(Release.position)
    )
    ready = []
    for release, notice in found:
        if notice is not None and not published_here(notice):
            break
        ready.append(release)
    return ready


def _platforms(session: Session, process: Process) -> str | None:
    """The ocid that the central platform gave with one of the process's notices.

    One that another process goes by already was mistyped.
    """
    taken = exists().where(Process.ocid == Notice.ocid)
    minted = (
        select(Notice.ocid)
        .join(Release, Release.notice_id == Notice.id)
        .where(Release.process_id == process.id, Notice.ocid != "", ~taken)
    )
    return session.scalar(minted.order_by(Release.position).limit(1))


def _locked_head(session: Session) -> ReleaseHead:
    add = insert_into(ReleaseHead.__table__).values(id=1, count=0)
    session.execute(add.on_conflict_do_nothing(index_elements=["id"]))
    return session.get_one(ReleaseHead, 1, with_for_update=True, populate_existing=True)


def _keep_record(session: Session, process: Process, number: int) -> None:
    public = session.scalars(
        select(Release)
        .join(ReleaseNumber, ReleaseNumber.release_id == Release.id)
        .where(Release.process_id == process.id)
        .order_by(Release.position)
    )
    compiled = merge([whole(release, process) for release in public])
    stands = {"number": number, "compiled": compiled}
    add = insert_into(ReleaseRecord.__table__).values(process_id=process.id, **stands)
    session.execute(add.on_conflict_do_update(index_elements=["process_id"], set_=stands))


def register(app: Flask) -> None:
    """Number at the end of every write."""
    last_before_commit(app, _number)
