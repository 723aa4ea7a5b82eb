"""Submitting a bid as a sealed version, and taking it back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from bids import sealing
from bids.checklist import missing
from bids.lifecycle import BID, SUBMIT, WITHDRAW
from bids.models import Bid, BidVersion
from bids.permissions import BidPermission
from bids.queries import own_bid
from bids.working import TooLate, accepts, lot_held_open, writable
from lots.competition import held
from lots.models import Lot
from marketplace import clock, outbox
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


def submit_bid(bid_id: UUID, declarations: list[str], seen: str, by: Acting) -> BidVersion:
    """Seal the working copy as the next version and make it the one that counts.

    The deadline is judged here, once, by the database's clock, with the lot held against closing
    and a moving of its deadline; equal to the deadline is late. `seen` is `lot_seen` when the
    bidder read the lot. Raises TooLate, LotChanged, Refusal.
    """
    lot_id = own_bid(bid_id, by).lot_id
    lot = lot_held_open(lot_id)
    bid = writable(bid_id, by)
    check(by, BidPermission.SUBMIT, bid)
    judged_at = clock.judged_now()
    if not accepts(lot, judged_at):
        raise TooLate(bid.id)
    if lot_seen(lot) != seen:
        raise LotChanged()
    open_points = missing(bid, by.organisation_id)
    if open_points:
        raise Refusal(" ".join(str(point) for point in open_points))
    version = _sealed_version(bid, lot, declarations, by)
    version.submitted_at = judged_at
    db.session.add(version)
    # The audit event of a sealed bid names nobody (bids/sealing.py), hence the system.
    BID.take(SUBMIT, bid, by=None, facts={"edited": False, "withdrawn_at": None})
    db.session.flush()
    _mail_receipt(bid, version, by)
    return version


def lot_seen(lot: Lot) -> str:
    """Says whether what bidders answer has changed; a later closing alone changes no answer."""
    return fingerprint(held.held(lot))


def withdraw_bid(bid_id: UUID, by: Acting) -> None:
    """Take the submitted bid back before the deadline; it can be submitted again until then."""
    lot = lot_held_open(own_bid(bid_id, by).lot_id)
    bid = writable(bid_id, by)
    check(by, BidPermission.SUBMIT, bid)
    judged_at = clock.judged_now()
    if not accepts(lot, judged_at):
        raise Refusal(_("This lot has closed. A bid cannot be withdrawn here after closing."))
    BID.take(WITHDRAW, bid, by=None, facts={"withdrawn_at": judged_at, "edited": False})


def _sealed_version(bid: Bid, lot: Lot, declarations: list[str], by: Acting) -> BidVersion:
    last = select(func.max(BidVersion.number)).where(BidVersion.bid_id == bid.id)
    number = (db.session.scalar(last) or 0) + 1
    answers = {answer.question_id: answer.text for answer in bid.answers}
    content: dict[str, Any] = {
        "bid": str(bid.id),
        "lot": lot.reference,
        "organisation": {"id": str(by.organisation_id), "name": by.organisation_name},
        "version": number,
        "answers": [
            {
                "question_id": str(question.id),
                "question": question.text,
                "answer": answers[question.id],
            }
            for question in lot.questions
        ],
        "declarations": declarations,
    }
    price = {"basis": lot.price_basis.value, "pence": int(bid.price_pence or 0)}
    if lot.public_key is None or lot.price_public_key is None:
        raise ValueError("an open lot has both of its keys")
    sealed = sealing.seal(content, price, lot.public_key, lot.price_public_key)
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


def _mail_receipt(bid: Bid, version: BidVersion, by: Acting) -> None:
    # Neither lot nor organisation is named: a mail, too, would tie them together.
    outbox.post(
        "bids/mail/receipt.txt",
        to=db.session.get_one(Person, by.person_id).email,
        subject_id=bid.id,
        facts={
            "bid_id": str(bid.id),
            "number": version.number,
            "sha256": version.sha256,
            "submitted_at": f"{version.submitted_at:%Y-%m-%d %H:%M:%S} UTC",
        },
    )


def own_copy(version: BidVersion) -> dict[str, Any]:
    """The bidder's copy of a submitted version: canonical `content` and `price` as text."""
    return json.loads(version.own_copy)
