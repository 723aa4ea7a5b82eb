"""Submitting a bid as a sealed version, and taking it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from bids import sealing
from bids.checklist import missing
from bids.declarations import check_declared
from bids.lifecycle import BID, SUBMIT, WITHDRAW
from bids.models import Bid, BidVersion
from bids.permissions import BidPermission
from bids.queries import bidders_of, own_bid
from bids.submitting import moments
from bids.submitting.content import ALL_DECLARED, DECLARATIONS, MOST_HOURS, content_of, price_of
from bids.working import TooLate, accepts, lot_held_open, writable
from lots.competition import held
from lots.models import Lot
from marketplace import audit, clock, outbox
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.overtaken import fingerprint
from marketplace.permissions import check


class LotChanged(Refusal):
    """The lot was changed after the page was opened; draft and submitted version are kept."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The buyer has changed this lot since you opened this page, so the bid was not "
                "submitted. Nothing is lost. Look at what has changed, check your answers below, "
                "then submit."
            )
        )


class NotReady(Refusal):
    """Something is missing; each sentence of `points` says what."""

    def __init__(self, points: list[str]) -> None:
        super().__init__(" ".join(points))
        self.points = points


def submit_bid(
    bid_id: UUID, declared: Collection[str], seen: str, by: Acting, hours: int | None = None
) -> BidVersion:
    """Seal the working copy as the next version and make it the one that counts.

    The deadline is judged here, once, by the database's clock, with the lot held against closing
    and a moving of its deadline; equal to the deadline is late. `declared` are the keys of all
    `DECLARATIONS`, `seen` is `lot_seen` when the bidder read the lot, `hours` what writing it
    took, where they say so. Raises TooLate, LotChanged, NotReady, Refusal.
    """
    lot_id = own_bid(bid_id, by).lot_id
    lot = lot_held_open(lot_id)
    bid = writable(bid_id, by)
    check(by, BidPermission.SUBMIT, bid)
    judged_at = clock.judged_now()
    if not accepts(lot, judged_at):
        raise _refusal(bid, lot, judged_at)
    if lot_seen(lot) != seen:
        raise LotChanged()
    if points := missing(bid, by.organisation_id):
        raise NotReady([str(point) for point in points])
    check_declared(declared, DECLARATIONS, ALL_DECLARED)
    _check_hours(hours)
    version = _sealed_version(bid, lot, hours, by)
    version.submitted_at = judged_at
    db.session.add(version)
    # The audit event of a sealed bid names nobody (bids/sealing.py), hence the system.
    BID.take(SUBMIT, bid, by=None, facts={"edited": False, "withdrawn_at": None})
    db.session.flush()
    facts = {"number": version.number, "sha256": version.sha256}
    _mail_proof("bids/mail/receipt.txt", bid, judged_at, by, facts)
    return version


def note_late(bid_id: UUID, judged_at: datetime, closes_at: datetime, by: Acting) -> None:
    """Put a refusal on record, with the moment at which it was judged and the deadline in force.

    The refused submission itself was undone, so this is a write of its own. Raises NotYours.
    """
    bid = own_bid(bid_id, by)
    check(by, BidPermission.SUBMIT, bid)
    facts = {"judged_at": judged_at.isoformat(), "closes_at": closes_at.isoformat()}
    audit.record("bid:too_late", subject=bid, by=None, facts=facts)


def lot_seen(lot: Lot) -> str:
    """Says whether what bidders answer has changed; a later closing alone changes no answer."""
    return fingerprint(held.held(lot))


def withdraw_bid(bid_id: UUID, by: Acting) -> None:
    """Take the submitted bid back before the deadline; it can be submitted again until then.

    The moment is kept and mailed, as that of a submission is.
    """
    lot = lot_held_open(own_bid(bid_id, by).lot_id)
    bid = writable(bid_id, by)
    check(by, BidPermission.SUBMIT, bid)
    judged_at = judge_withdrawal(lot)
    BID.take(WITHDRAW, bid, by=None, facts={"withdrawn_at": judged_at, "edited": False})
    _mail_proof("bids/submitting/mail/withdrawn.txt", bid, judged_at, by, {})


def judge_withdrawal(lot: Lot) -> datetime:
    """The moment at which withdrawing was judged to be in time. Raises Refusal."""
    judged_at = clock.judged_now()
    if not accepts(lot, judged_at):
        raise Refusal(_("This lot has closed. A bid cannot be withdrawn here after closing."))
    return judged_at


def _refusal(bid: Bid, lot: Lot, judged_at: datetime) -> Refusal:
    if lot.closes_at is None or judged_at < lot.closes_at:
        return Refusal(_("The buyer has ended this lot. Your draft is kept, but nothing is taken."))
    return TooLate(bid.id, judged_at, lot.closes_at)


def _check_hours(hours: int | None) -> None:
    # Sealed unseen, hours that cannot be would only be found by the opening, which they would stop.
    if hours is not None and not 1 <= hours <= MOST_HOURS:
        raise Refusal(_("The hours must be from 1 to %(most)s.", most=f"{MOST_HOURS:,}"))


def _sealed_version(bid: Bid, lot: Lot, hours: int | None, by: Acting) -> BidVersion:
    last = select(func.max(BidVersion.number)).where(BidVersion.bid_id == bid.id)
    number = (db.session.scalar(last) or 0) + 1
    content = content_of(bid, lot, by) | {
        "version": number,
        "declarations": [str(text) for text in DECLARATIONS.values()],
    }
    if hours is not None:
        content["hours_spent"] = hours
    if lot.public_key is None or lot.price_public_key is None:
        raise ValueError("an open lot has both of its keys")
    sealed = sealing.seal(content, price_of(bid), lot.public_key, lot.price_public_key)
    return BidVersion(
        id=new_id(),
        bid=bid,
        number=number,
        submitted_by=str(by.person_id),
        sha256=sealed.sha256,
        sealed_content=sealed.content,
        sealed_price=sealed.price,
        own_copy=sealed.own_copy,
    )


def _mail_proof(
    template: str, bid: Bid, judged_at: datetime, by: Acting, facts: dict[str, Any]
) -> None:
    """To whoever did it and to whoever answers for the organisation's bids, each once."""
    moment = {
        "bid_id": str(bid.id),
        "in_london": moments.in_london(judged_at),
        "in_utc": moments.in_utc(judged_at),
    }
    doer = db.session.get_one(Person, by.person_id)
    people = {person.id: person for person in [doer, *bidders_of(by.organisation_id)]}
    for person in people.values():
        # Neither lot nor organisation is named: a mail, too, would tie them together.
        outbox.post(template, to=person.email, subject_id=bid.id, facts=moment | facts)
