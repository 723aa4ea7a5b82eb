"""Writing a bid: start it, save its parts, submit it, take it back."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from bids import sealing
from bids.checklist import missing
from bids.lifecycle import BID, SUBMIT, WITHDRAW
from bids.models import WRITABLE, Bid, BidAnswer, BidState, BidVersion
from bids.permissions import BidPermission
from bids.queries import bid_for, own_bid
from lots.competition import held
from lots.competition.waiting import awaits_answers
from lots.models import Lot
from lots.vocabulary import BEFORE_OPENING, LotState
from marketplace import audit, clock, outbox
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.overtaken import fingerprint
from marketplace.permissions import Refused, allowed, check


class TooLate(Refusal):
    """The deadline had passed when it was judged; the draft is kept."""

    def __init__(self, bid_id: UUID | None):
        super().__init__(
            _("This lot has closed. Your draft is kept, but it can no longer be submitted.")
        )
        self.bid_id = bid_id


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


class TypedMeanwhile(Refusal):
    """A colleague saved the same part after the page was opened; `theirs` is what stands now."""

    def __init__(self, theirs: str, edition: int):
        super().__init__(_("Somebody else changed this while you were writing."))
        self.theirs = theirs
        self.edition = edition


def start_bid(lot_id: UUID, by: Acting) -> Bid:
    """The organisation's bid for this lot, made if there is none. Raises TooLate, Refused."""
    if not allowed(by, BidPermission.WRITE):
        raise Refused(BidPermission.WRITE)
    lot = lot_held_open(lot_id)
    if (bid := bid_for(lot_id, by)) is not None:
        return bid
    if not is_open(lot):
        raise TooLate(None)
    made = _put_bid(lot_id, by)
    bid = bid_for(lot_id, by)
    assert bid is not None  # its row is this transaction's, or a colleague's committed one
    if made:
        audit.record("bid:start", subject=bid, by=None)
    return bid


def _put_bid(lot_id: UUID, by: Acting) -> bool:
    """Says whether the row is new; False where a colleague started the bid at the same moment."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Bid).values(
        id=new_id(),
        lot_id=lot_id,
        bidder_key=sealing.bidder_key(lot_id, by.organisation_id),
        organisation=str(by.organisation_id),
        created_at=clock.now(),
    )
    put = row.on_conflict_do_nothing(index_elements=["bidder_key"]).returning(Bid.id)
    return db.session.scalar(put) is not None


def save_answer(bid_id: UUID, question_id: UUID, text: str, seen: int, by: Acting) -> None:
    """Keep the working copy of one answer, of whatever length; `seen` is the edition read.

    Raises TypedMeanwhile where a colleague saved in between.
    """
    bid = _writable(bid_id, by)
    if question_id not in {question.id for question in bid.lot.questions}:
        raise Refused(BidPermission.WRITE)
    found = select(BidAnswer).where(
        BidAnswer.bid_id == bid.id, BidAnswer.question_id == question_id
    )
    answer = db.session.scalar(found.with_for_update())
    edition = answer.edition if answer else 0
    if answer is not None and answer.text == text:
        return
    if edition != seen:
        raise TypedMeanwhile(answer.text if answer else "", edition)
    if answer is None:
        answer = BidAnswer(bid_id=bid.id, question_id=question_id, text=text)
        db.session.add(answer)
    answer.text, answer.edition = text, edition + 1
    bid.edited = bid.state == BidState.SUBMITTED
    audit.record("bid:answer_saved", subject=bid, by=None, fields=["text"])


def save_price(bid_id: UUID, pence: int, seen: int, by: Acting) -> None:
    """Keep the working copy of the price, in pence by the lot's price basis.

    Raises TypedMeanwhile where a colleague saved in between.
    """
    bid = _writable(bid_id, by)
    if bid.price_pence == str(pence):
        return
    if bid.price_edition != seen:
        raise TypedMeanwhile(bid.price_pence or "", bid.price_edition)
    bid.price_pence = str(pence)
    bid.price_edition += 1
    bid.edited = bid.state == BidState.SUBMITTED
    audit.record("bid:price_saved", subject=bid, by=None, fields=["price_pence"])


def submit_bid(bid_id: UUID, declarations: list[str], seen: str, by: Acting) -> BidVersion:
    """Seal the working copy as the next version and make it the one that counts.

    The deadline is judged here, once, by the database's clock, with the lot held against closing
    and a moving of its deadline; equal to the deadline is late. `seen` is `lot_seen` when the
    bidder read the lot. Raises TooLate, LotChanged, Refusal.
    """
    lot_id = own_bid(bid_id, by).lot_id
    lot = lot_held_open(lot_id)
    bid = _writable(bid_id, by)
    check(by, BidPermission.SUBMIT, bid)
    judged_at = clock.judged_now()
    if not _accepts(lot, judged_at):
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
    db.session.expire(bid, ["versions"])
    _mail_receipt(bid, version, by)
    return version


def lot_seen(lot: Lot) -> str:
    """Says whether what bidders answer has changed; a later closing alone changes no answer."""
    return fingerprint(held.held(lot))


def withdraw_bid(bid_id: UUID, by: Acting) -> None:
    """Take the submitted bid back before the deadline; it can be submitted again until then."""
    lot = lot_held_open(own_bid(bid_id, by).lot_id)
    bid = _writable(bid_id, by)
    check(by, BidPermission.SUBMIT, bid)
    judged_at = clock.judged_now()
    if not _accepts(lot, judged_at):
        raise Refusal(_("This lot has closed. A bid cannot be withdrawn here after closing."))
    BID.take(WITHDRAW, bid, by=None, facts={"withdrawn_at": judged_at, "edited": False})


def is_open(lot: Lot) -> bool:
    """Whether a bid could still be submitted at this moment."""
    return _accepts(lot, clock.judged_now())


def _accepts(lot: Lot, moment: datetime) -> bool:
    """Equal to the deadline is late; it is not reached while a question has no answer."""
    if lot.state != LotState.OPEN or lot.closes_at is None:
        return False
    return moment < lot.closes_at or awaits_answers(lot.id)


def lot_held_open(lot_id: UUID) -> Lot:
    """The lot under a shared lock: bids do not wait for one another, closing waits for them."""
    held = select(Lot).where(Lot.id == lot_id).with_for_update(read=True)
    lot = db.session.scalar(held)
    if lot is None or lot.state in BEFORE_OPENING:
        raise Refusal(_("This lot is not open for bids."))
    return lot


def _writable(bid_id: UUID, by: Acting) -> Bid:
    bid = own_bid(bid_id, by, locked=True)
    check(by, BidPermission.WRITE, bid)
    if bid.state not in WRITABLE:
        raise Refusal(_("This bid has been opened. It can no longer be changed."))
    return bid


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
        bid_id=bid.id,
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
