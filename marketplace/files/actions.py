"""Receiving files, binding them to what they belong to, and removing what belongs to nothing.

Who may do so is judged by the action of the room that the file belongs to, before it calls these.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from flask_babel import ngettext
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id, write
from marketplace.files.kinds import Upload
from marketplace.files.models import File, FileContent, FileState
from marketplace.keyring import keyring
from marketplace.lifecycle import Refusal

DAY = timedelta(days=1)
log = logging.getLogger(__name__)


def receive(upload: Upload, by: Acting) -> File:
    """Keep a file that `inspect` let through; loose until `attach` says what it belongs to.

    Raises Refusal where the organisation has sent as many files in a day as it may.
    """
    _check_not_too_many(by)
    settings = current_app.extensions["settings"]
    now = clock.now()
    received = File(
        id=new_id(),
        organisation_id=by.organisation_id,
        name=upload.name,
        kind=upload.kind,
        size_bytes=len(upload.content),
        sha256=upload.sha256,
        state=FileState.QUARANTINED if settings.clamd else FileState.UNSCANNED,
        uploaded_by=by.person_id,
        uploaded_at=now,
        loose_since=now,
    )
    db.session.add(received)
    db.session.flush()
    sealed = keyring().encrypt(_purpose(received.id), upload.content)
    db.session.add(FileContent(file_id=received.id, sealed=sealed))
    facts = {"kind": received.kind, "size_bytes": received.size_bytes}
    audit.record("file:received", subject=received, by=by, facts=facts)
    return received


def _check_not_too_many(by: Acting) -> None:
    most = current_app.extensions["settings"].files_per_day
    sent = db.session.scalar(
        select(func.count())
        .select_from(File)
        .where(File.organisation_id == by.organisation_id, File.uploaded_at > clock.now() - DAY)
    )
    if (sent or 0) >= most:
        raise Refusal(
            ngettext(
                "Your organisation has sent %(num)s file within a day, which is the most it can. "
                "Nothing was sent. Try again tomorrow, or put several documents into one file.",
                "Your organisation has sent %(num)s files within a day, which is the most it can. "
                "Nothing was sent. Try again tomorrow, or put several documents into one file.",
                most,
            )
        )


def attach(file: File) -> None:
    """A row refers to the file now, in this write: it stays."""
    file.loose_since = None


def let_go(file_id: UUID) -> None:
    """No row refers to the file any more: after a day it is removed."""
    db.session.get_one(File, file_id, with_for_update=True).loose_since = clock.now()


def content_of(file: File) -> bytes | None:
    """What the file holds; None where it was removed. The largest read of the product."""
    sealed = db.session.scalar(select(FileContent.sealed).where(FileContent.file_id == file.id))
    return None if sealed is None else keyring().decrypt(_purpose(file.id), bytes(sealed))


def _purpose(file_id: UUID) -> str:
    return f"file_content:{file_id}"


def remove_loose(now: datetime) -> int:
    """The job: remove files that have belonged to nothing for a day; returns how many."""
    loose = select(File.id).where(File.loose_since <= now - DAY).order_by(File.loose_since)
    return sum(_remove(file_id, now) for file_id in db.session.scalars(loose).all())


def _remove(file_id: UUID, now: datetime) -> bool:
    with write():
        file = db.session.get(File, file_id, with_for_update=True)
        if file is None or file.loose_since is None or file.loose_since > now - DAY:
            return False
        try:
            with db.session.begin_nested():
                db.session.execute(delete(File).where(File.id == file_id))
        except IntegrityError:
            # A row refers to it after all, as a copy does: the database knows best.
            attach(file)
            return False
        audit.record("file:removed", subject=file, by=None)
        return True


def next_loose(after: datetime) -> datetime | None:
    """When the next loose file has been so for a day."""
    oldest = select(func.min(File.loose_since)).where(File.loose_since > after - DAY)
    found = db.session.scalar(oldest)
    return found + DAY if found else None
