"""Receiving files, binding them to what they belong to, and removing what belongs to nothing.

Who may do so is judged by the action of the room that the file belongs to, before it calls these.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID

from flask import current_app
from flask_babel import ngettext
from nacl.bindings import sodium_pad, sodium_unpad
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from nacl.utils import random
from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.exc import IntegrityError

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id, write
from marketplace.files.kinds import Upload
from marketplace.files.models import HIDDEN_BLOCK_BYTES, File, FileContent, FileState, Owner
from marketplace.keyring import UnreadableSecret, keyring
from marketplace.lifecycle import Refusal

DAY = timedelta(days=1)
log = logging.getLogger(__name__)


def receive(upload: Upload, by: Acting, hidden_in: UUID | None = None) -> File:
    """Keep a file that `inspect` let through; loose until `attach` says what it belongs to.

    `hidden_in` is the id of what the file is for, where nobody may learn of that who sent it: its
    owner is then hidden, and its content under a random key (`File.key`) that can be sealed
    elsewhere. Raises Refusal where as many files were sent in a day as may be.
    """
    scope_hash = _scope_hash(hidden_in, by) if hidden_in else None
    _check_not_too_many(
        File.organisation_id == by.organisation_id
        if scope_hash is None
        else File.scope_hash == scope_hash
    )
    received = _row(upload)
    if scope_hash is None:
        received.organisation_id, received.uploaded_by = by.organisation_id, by.person_id
        received.open_name = upload.name
        sealed = keyring().encrypt(_purpose(received.id), upload.content)
    else:
        key = random(SecretBox.KEY_SIZE)
        received.hide(Owner(by.organisation_id, by.person_id), scope_hash, upload.name, key)
        padded = sodium_pad(upload.content, HIDDEN_BLOCK_BYTES)
        sealed = bytes(SecretBox(key).encrypt(padded))
    db.session.add(received)
    db.session.flush()
    db.session.add(FileContent(file_id=received.id, sealed=sealed))
    facts = {"kind": received.kind, "size_bytes": received.stored_bytes}
    audit.record("file:received", subject=received, by=None if hidden_in else by, facts=facts)
    return received


def _row(upload: Upload) -> File:
    now = clock.now()
    scanned = current_app.extensions["settings"].clamd
    return File(
        id=new_id(),
        kind=upload.kind,
        stored_bytes=len(upload.content),
        sha256=upload.sha256,
        state=FileState.QUARANTINED if scanned else FileState.UNSCANNED,
        uploaded_at=now,
        loose_since=now,
    )


def _scope_hash(scope: UUID, by: Acting) -> bytes:
    return keyring().lookup_hash("file.scope", f"{scope}:{by.organisation_id}")


def _check_not_too_many(of_the_owner: ColumnElement[bool]) -> None:
    most = current_app.extensions["settings"].files_per_day
    counted = select(func.count()).select_from(File)
    sent = db.session.scalar(counted.where(of_the_owner, File.uploaded_at > clock.now() - DAY))
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


def content_of(file: File, key: bytes | None = None) -> bytes | None:
    """What the file holds; None where it was removed. The largest read of the product.

    `key` opens a hidden file for whoever holds it. Raises UnreadableSecret for a wrong one.
    """
    sealed = db.session.scalar(select(FileContent.sealed).where(FileContent.file_id == file.id))
    if sealed is None:
        return None
    if not file.is_hidden:
        return keyring().decrypt(_purpose(file.id), bytes(sealed))
    try:
        padded = SecretBox(key or file.key).decrypt(bytes(sealed))
    except CryptoError as error:
        raise UnreadableSecret(_purpose(file.id)) from error
    return sodium_unpad(padded, HIDDEN_BLOCK_BYTES)


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
