"""Sending, replacing and removing a bid's files; saying how a demand is met; holding a version's.

A file is encrypted when it is sent, before anything of the lot is locked: at submission a version
only lists what is there, so that large files do not make anybody late.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import current_app
from flask_babel import ngettext
from sqlalchemy import func, insert, select

from bids.attachments.models import BidDemand, BidFile, BidVersionFile
from bids.attachments.queries import asked_in, asked_of, sent_file
from bids.attachments.wording import MOST_LETTERS, statement
from bids.models import Bid
from bids.working import TooLate, TooLong, TypedMeanwhile, changed, is_open, writable
from marketplace import clock, files
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours


def add_file(bid_id: UUID, demand_id: UUID, upload: files.Upload, by: Acting) -> BidFile:
    """Send one file more for a demand. Raises TooLate, NotYours, and Refusal at the limit."""
    bid = _before_closing(bid_id, by)
    if not asked_in(bid, demand_id).takes_files:
        raise NotYours(demand_id)
    _check_room(bid)
    sent = BidFile(
        id=new_id(),
        bid_id=bid.id,
        demand_id=demand_id,
        file=_received(bid, upload, by),
        added_at=clock.judged_now(),
    )
    db.session.add(sent)
    changed(bid, "file_added", ["files"])
    return sent


@dataclass(frozen=True)
class Replaced:
    """The file that is to go: its row, and which file it was when the page was opened."""

    sent_id: UUID
    seen: str


def replace_file(
    bid_id: UUID, demand_id: UUID, replaced: Replaced, upload: files.Upload, by: Acting
) -> BidFile:
    """Send a file in the place of another.

    Where a colleague has replaced or removed that one in between, the file is added beside what
    is there: nobody's file is lost unsaid. Raises as `add_file`.
    """
    bid = _before_closing(bid_id, by)
    held = asked_in(bid, demand_id).files
    sent = next((each for each in held if each.id == replaced.sent_id), None)
    if sent is None or str(sent.file_id) != replaced.seen:
        return add_file(bid_id, demand_id, upload, by)
    files.let_go(sent.file_id)
    sent.file = _received(bid, upload, by)
    changed(bid, "file_replaced", ["files"])
    return sent


def remove_file(bid_id: UUID, sent_id: UUID, by: Acting) -> None:
    """Take a file out of the working copy; versions that hold it keep it. Raises NotYours."""
    bid = _before_closing(bid_id, by)
    sent = sent_file(bid, sent_id)
    files.let_go(sent.file_id)
    db.session.delete(sent)
    changed(bid, "file_removed", ["files"])


def _before_closing(bid_id: UUID, by: Acting) -> Bid:
    bid = writable(bid_id, by)
    if not is_open(bid.lot):
        raise TooLate(bid.id)
    return bid


def _check_room(bid: Bid) -> None:
    most = current_app.extensions["settings"].files_per_bid
    held = select(func.count()).select_from(BidFile).where(BidFile.bid_id == bid.id)
    if (db.session.scalar(held) or 0) >= most:
        raise Refusal(
            ngettext(
                "A bid can hold %(num)s file, and this one does. Remove one first, or put "
                "several documents into one file.",
                "A bid can hold %(num)s files, and this one does. Remove one first, or put "
                "several documents into one file.",
                most,
            )
        )


def _received(bid: Bid, upload: files.Upload, by: Acting) -> files.File:
    received = files.receive(upload, by, hidden_in=bid.id)
    files.attach(received)
    return received


def save_words(bid_id: UUID, demand_id: UUID, words: str, seen: int, by: Acting) -> None:
    """Keep what the bidder says to a demand; nothing takes it back. `seen` is the edition read.

    Raises NotYours, TooLong, and TypedMeanwhile where a colleague saved in between.
    """
    bid = writable(bid_id, by)
    asked = asked_in(bid, demand_id)
    if asked.takes_files and not asked.takes_words:
        raise NotYours(demand_id)
    if asked.words == words:
        return
    most = MOST_LETTERS if asked.takes_words else len(statement(asked.demand))
    if len(words) > most:
        raise TooLong()
    if asked.edition != seen:
        raise TypedMeanwhile(asked.words, asked.edition)
    found = select(BidDemand).where(BidDemand.bid_id == bid.id, BidDemand.demand_id == demand_id)
    kept = db.session.scalar(found)
    if kept is None:
        kept = BidDemand(bid=bid, demand_id=demand_id)
        db.session.add(kept)
    kept.words, kept.edition = words or None, asked.edition + 1
    changed(bid, "demand_answered", ["words"])


def hold_files(bid: Bid, by: Acting | None) -> None:
    """Have the version that was just submitted hold its files, in the submitting write."""
    version = bid.latest
    assert version is not None, "a submitted bid has a version"
    held = [sent.file_id for asked in asked_of(bid) for sent in asked.files]
    if held:
        rows = [{"version_id": version.id, "file_id": file_id} for file_id in held]
        db.session.execute(insert(BidVersionFile), rows)
