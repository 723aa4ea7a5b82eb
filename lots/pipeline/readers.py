"""The addresses that asked for mail, found by a keyed hash of their own."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import get_locale
from sqlalchemy import delete, exists, select

from lots.pipeline.keys import STOP, link_key
from lots.pipeline.models import Alert, Follow, NewsHead, Reader
from marketplace.accounts.models import Person
from marketplace.accounts.tokens import normalised
from marketplace.acting import Acting
from marketplace.database import db, insert_into, new_id
from marketplace.keyring import keyring


def address_hash(email: str) -> bytes:
    """The keyed hash by which a reader is found; another one than the account's."""
    return keyring().lookup_hash("lot_reader.email", normalised(email))


def reader_with(email: str, *, locked: bool = False) -> Reader | None:
    """Whoever reads at this address, None where nothing was ever asked for."""
    found = select(Reader).where(Reader.email_hash == address_hash(email))
    return db.session.scalar(found.with_for_update() if locked else found)


def own_address(by: Acting) -> str:
    """The proven address of the person's account."""
    return db.session.get_one(Person, by.person_id).email


def add_reader(email: str) -> Reader:
    """The reader at this address, locked, made where there is none; inside a write."""
    row = {
        "id": new_id(),
        "email": email,
        "email_hash": address_hash(email),
        "language": str(get_locale() or "en"),
        "told_to": db.session.scalar(select(NewsHead.count).where(NewsHead.id == 1)) or 0,
    }
    db.session.execute(
        insert_into(Reader).values(row).on_conflict_do_nothing(index_elements=["email_hash"])
    )
    reader = reader_with(email, locked=True)
    assert reader is not None
    return reader


def let_go(reader_id: UUID) -> None:
    """Forget a reader who waits for nothing any more; locks it.

    Under the lock, and in a statement of its own, so that it sees what somebody else has just
    asked for at this address.
    """
    db.session.execute(select(Reader.id).where(Reader.id == reader_id).with_for_update())
    waits = (
        exists().where(Alert.reader_id == reader_id),
        exists().where(Follow.reader_id == reader_id),
    )
    db.session.flush()
    db.session.execute(
        delete(Reader)
        .where(Reader.id == reader_id, ~waits[0], ~waits[1])
        .execution_options(synchronize_session=False)
    )


def stop_facts(reader: Reader) -> dict[str, Any]:
    """What a mail needs for the link that stops it without signing in."""
    facts = {"reader_id": str(reader.id), "key": link_key(STOP, reader.id)}
    return {"stop": facts, "list_unsubscribe": ["alerts.manage", facts]}
