"""Following a lot: who does is known to nobody else, and how many to nobody at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import joinedload, selectinload

from lots.models import Lot
from lots.pipeline.models import Follow, Reader
from lots.pipeline.permissions import PipelinePermission
from lots.pipeline.readers import add_reader, address_hash, let_go, own_address, stop_facts
from lots.pipeline.vocabulary import News
from lots.queries import opportunity
from lots.vocabulary import LotState
from marketplace import outbox
from marketplace.accounts.models import Person, PersonState
from marketplace.accounts.tokens import email_hash
from marketplace.acting import Acting
from marketplace.database import db, insert_into, new_id
from marketplace.lifecycle import Refusal
from marketplace.paging import Page, paged
from marketplace.permissions import check

MAIL = "lots/pipeline/mail/followed.txt"
MOST = 200
FOLLOWABLE = (LotState.PLANNED, LotState.APPROVED, LotState.OPEN)


def follow(lot_id: UUID, by: Acting) -> None:
    """Have this person hear of a planned or open lot; a second time changes nothing.

    Leaves no trace in the audit: who is interested in a lot is nobody's business (decision 0015).
    Raises NotYours for a lot that is not public, Refusal for one that is over.
    """
    check(by, PipelinePermission.FOLLOW)
    lot = opportunity(lot_id)
    if lot.state not in FOLLOWABLE:
        raise Refusal(_("Only planned and open lots can be followed. This one has closed."))
    reader = add_reader(own_address(by))
    held = select(func.count()).select_from(Follow).where(Follow.reader_id == reader.id)
    if (db.session.scalar(held) or 0) >= MOST:
        raise Refusal(
            _("You follow %(most)s lots, the most there can be. Stop following one.", most=MOST)
        )
    row = {"id": new_id(), "lot_id": lot.id, "reader_id": reader.id}
    db.session.execute(
        insert_into(Follow)
        .values(row)
        .on_conflict_do_nothing(index_elements=["lot_id", "reader_id"])
    )


def unfollow(lot_id: UUID, by: Acting) -> None:
    """Stop this person's mail about a lot; does nothing where there was none."""
    check(by, PipelinePermission.FOLLOW)
    reader_id = db.session.scalar(select(Reader.id).where(_mine(by)))
    if reader_id is not None:
        db.session.execute(
            delete(Follow).where(Follow.lot_id == lot_id, Follow.reader_id == reader_id)
        )
        let_go(reader_id)


def follows(lot_id: UUID, by: Acting) -> bool:
    """Whether this person follows the lot."""
    found = select(Follow.id).join(Reader).where(Follow.lot_id == lot_id, _mine(by))
    return db.session.scalar(found) is not None


def followed(by: Acting) -> Page:
    """The lots that this person follows, the next to close first."""
    return paged(
        select(Lot)
        .join(Follow, Follow.lot_id == Lot.id)
        .join(Reader)
        .where(_mine(by))
        .options(selectinload(Lot.areas), joinedload(Lot.lead_buyer))
        .order_by(Lot.closes_at, Lot.reference)
    )


def _mine(by: Acting) -> Any:
    return Reader.email_hash == address_hash(own_address(by))


def people_following(lot_id: UUID) -> set[UUID]:
    """The people whose accounts follow a lot; never to be shown, only to be written to."""
    hashes = [email_hash(reader.email) for reader in _readers_of(lot_id)]
    return set(db.session.scalars(select(Person.id).where(Person.email_hash.in_(hashes))))


def tell_followers(lot: Lot, template: str, facts: dict[str, Any]) -> None:
    """Post one mail to each follower of a lot, in the write that causes it.

    To the template's `facts`, which must be JSON, come `lot_id`, `title` and `stop`.
    """
    readers = _readers_of(lot.id)
    closed = _closed_accounts(readers)
    for reader in readers:
        if reader.email_hash in closed:
            continue
        outbox.post(
            template,
            to=reader.email,
            facts={"lot_id": str(lot.id), "title": lot.title, **facts, **stop_facts(reader)},
            language=reader.language,
        )


def mail_followers(lot: Lot, kind: News) -> None:
    """Write at once about an opening, a moved closing time or a cancellation."""
    closes_at = lot.closes_at.isoformat() if lot.closes_at else ""
    tell_followers(lot, MAIL, {"kind": kind, "closes_at": closes_at})


def _readers_of(lot_id: UUID) -> Sequence[Reader]:
    found = select(Reader).join(Follow).where(Follow.lot_id == lot_id).order_by(Reader.id)
    return db.session.scalars(found).all()


def _closed_accounts(readers: Sequence[Reader]) -> set[bytes]:
    """Which of these readers' accounts were closed since."""
    return set(_hashes_of_closed([reader.email for reader in readers]))


def _hashes_of_closed(emails: list[str]) -> Iterator[bytes]:
    ours = {email_hash(email): address_hash(email) for email in emails}
    closed = select(Person.email_hash).where(
        Person.email_hash.in_(ours), Person.state == PersonState.CLOSED
    )
    for theirs in db.session.scalars(closed):
        yield ours[bytes(theirs)]
