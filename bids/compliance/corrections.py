"""Asking for a correction, answering it in time, and what happens where nobody does.

Locks: the evaluation before the bid, as everywhere. Whether an answer is in time is judged by the
database's clock after both; equal to the last moment is late.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from bids.compliance.models import FAULTS, Correction, CorrectionEnd, CorrectionFile, Fault
from bids.compliance.queries import held_bid, open_correction
from bids.evaluation import queries as evaluations
from bids.lifecycle import ASK_CORRECTION, BID, CORRECT, SET_ASIDE, TAKE_REQUEST_BACK
from bids.models import Bid, BidState, SetAsideGround
from bids.permissions import BidPermission
from bids.queries import bidders_of, own_bid
from lots.proportionality import policy_today
from marketplace import audit, calendar, clock, files, outbox
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db, new_id, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from marketplace.web.filters import shown_date

MOST_FILES = 5
MOST_DAYS = 20
BATCH = 200


class CorrectionLate(Refusal):
    """The time to correct is over."""

    def __init__(self, due_at: datetime) -> None:
        super().__init__(
            _(
                "The time to correct ended with %(day)s, so this was not accepted. "
                "The bid stays as it was submitted.",
                day=shown_date(last_day(due_at)),
            )
        )


def last_day(due_at: datetime) -> date:
    """The last day on which a correction is in time, in London."""
    return calendar.day_of(due_at) - calendar.ONE_DAY


def due(days: int) -> datetime:
    """The end of the working day so many working days after today: the first late moment."""
    return calendar.end_of(calendar.add_working_days(clock.today(), days))


def usual_days() -> int:
    """How many working days bidders have as a rule (policy)."""
    return policy_today().correction_days


def ask(
    evaluation_id: UUID, bid_id: UUID, asked: tuple[Fault, str], days: int, by: Acting
) -> Correction:
    """Ask the bidder to correct a fault (its kind, and what exactly) within these working days.

    Raises Refusal once prices are open, and for a bid that is not to be checked any more.
    """
    evaluation, bid = held_bid(evaluation_id, bid_id, by)
    if evaluation.state not in evaluations.BEFORE_PRICES:
        raise Refusal(_("The check against the requirements ended when the prices were opened."))
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(_("Give the bidder between 1 and %(most)s working days.", most=MOST_DAYS))
    fault, what = asked
    BID.take(ASK_CORRECTION, bid, by, reason=fault)
    correction = Correction(
        id=new_id(),
        bid_id=bid.id,
        fault=fault,
        what=what,
        asked_at=clock.judged_now(),
        asked_by_id=by.person_id,
        due_at=due(days),
    )
    db.session.add(correction)
    db.session.flush()
    _tell_bidder(bid, "asked", due_on=last_day(correction.due_at).isoformat())
    return correction


def take_back(evaluation_id: UUID, bid_id: UUID, by: Acting) -> None:
    """Take the request back: the bid is checked as it was submitted."""
    _evaluation, bid = held_bid(evaluation_id, bid_id, by)
    correction = _of(bid)
    BID.take(TAKE_REQUEST_BACK, bid, by)
    _end(correction, CorrectionEnd.TAKEN_BACK)
    _tell_bidder(bid, "taken_back")


def answer(correction_id: UUID, bid_id: UUID, words: str, by: Acting) -> None:
    """Send the correction: what the bidder says, with the files that it added before.

    `correction_id` is the request that was on the page. Raises CorrectionLate, and Refusal where
    the request was answered or taken back in between.
    """
    evaluation_id, bid, correction = _held(bid_id, by)
    if correction.id != correction_id:
        raise NotYours(correction_id)
    if not words.strip():
        raise Refusal(_("Say in words what you correct."))
    BID.take(CORRECT, bid, by)
    correction.answer, correction.answered_by_id = words, by.person_id
    _end(correction, CorrectionEnd.ANSWERED)
    outbox.post(
        "bids/compliance/mail/corrected.txt",
        to=db.session.get_one(Person, correction.asked_by_id).email,
        subject_id=bid.id,
        facts={"bid_id": str(bid.id), "title": bid.lot.title, "evaluation_id": str(evaluation_id)},
    )


def add_file(bid_id: UUID, upload: files.Upload, by: Acting) -> CorrectionFile:
    """Add a file to the correction that is not sent yet. Raises as `answer`, and at the limit."""
    _evaluation_id, _bid, correction = _held(bid_id, by)
    if len(correction.files) >= MOST_FILES:
        raise Refusal(
            ngettext(
                "%(num)s file is the most. Remove one first.",
                "%(num)s files are the most. Remove one first.",
                MOST_FILES,
            )
        )
    received = files.receive(upload, by)
    files.attach(received)
    added = CorrectionFile(
        id=new_id(), correction_id=correction.id, file=received, added_at=clock.judged_now()
    )
    db.session.add(added)
    audit.record("correction:file_added", subject=correction, by=by)
    return added


def remove_file(bid_id: UUID, sent_id: UUID, by: Acting) -> None:
    """Take a file out of the correction before it is sent. Raises as `answer`."""
    _evaluation_id, _bid, correction = _held(bid_id, by)
    sent = next((each for each in correction.files if each.id == sent_id), None)
    if sent is None:
        raise NotYours(sent_id)
    files.let_go(sent.file_id)
    db.session.delete(sent)
    audit.record("correction:file_removed", subject=correction, by=by)


def lapse_due(now: datetime) -> int:
    """The job: set aside what was not corrected in time; each in a transaction of its own."""
    open_ones = select(Correction.bid_id).where(Correction.ended_at.is_(None))
    found = open_ones.join(Bid).where(Correction.due_at <= now, Bid.state == BidState.CORRECTION)
    overdue = db.session.scalars(found.order_by(Correction.due_at).limit(BATCH)).all()
    return sum(_lapse(bid_id) for bid_id in overdue)


def next_due(after: datetime) -> datetime | None:
    """When the next time to correct is over."""
    found = select(func.min(Correction.due_at)).join(Bid)
    ahead = (Correction.ended_at.is_(None), Correction.due_at > after)
    return db.session.scalar(found.where(*ahead, Bid.state == BidState.CORRECTION))


def _lapse(bid_id: UUID) -> bool:
    with write():
        _evaluation_id, bid = _locked(db.session.get_one(Bid, bid_id).lot_id, bid_id)
        correction = open_correction(bid_id)
        if bid.state != BidState.CORRECTION or correction is None:
            return False
        if clock.judged_now() < correction.due_at:
            return False
        reason = _(
            "On %(asked)s we asked for a correction by the end of %(day)s: %(fault)s. %(what)s "
            "No correction came by then.",
            asked=shown_date(correction.asked_at),
            day=shown_date(last_day(correction.due_at)),
            fault=FAULTS[correction.fault],
            what=correction.what,
        )
        _end(correction, CorrectionEnd.LAPSED)
        facts = {"ground": SetAsideGround.INCOMPLETE, "ground_reason": reason}
        BID.take(SET_ASIDE, bid, None, facts=facts, reason=SetAsideGround.INCOMPLETE)
        _tell_bidder(bid, "lapsed")
        return True


def overtaken(bid: Bid, by: Acting | None) -> None:
    """The bid was set aside for another reason, or its lot has ended: nothing is to correct."""
    correction = open_correction(bid.id)
    if correction is not None:
        _end(correction, CorrectionEnd.OVERTAKEN)


def _held(bid_id: UUID, by: Acting) -> tuple[UUID, Bid, Correction]:
    """The evaluation's id, and the organisation's bid under its lock with its open request."""
    evaluation_id, bid = _locked(own_bid(bid_id, by).lot_id, bid_id)
    check(by, BidPermission.SUBMIT, bid)
    correction = _of(bid)
    if clock.judged_now() >= correction.due_at:
        raise CorrectionLate(correction.due_at)
    return evaluation_id, bid, correction


def _locked(lot_id: UUID, bid_id: UUID) -> tuple[UUID, Bid]:
    evaluation = evaluations.evaluation_of(lot_id)
    if evaluation is None:
        raise NotYours(bid_id)
    evaluations.get(evaluation.id, locked=True)
    found = select(Bid).where(Bid.id == bid_id).with_for_update()
    bid = db.session.scalars(found.execution_options(populate_existing=True)).one()
    return evaluation.id, bid


def _of(bid: Bid) -> Correction:
    correction = open_correction(bid.id)
    if bid.state != BidState.CORRECTION or correction is None:
        raise Refusal(
            _(
                "Nothing of this bid is to be corrected now: the correction was sent, the request "
                "was taken back, or the time is over. Reload the page to see which."
            )
        )
    return correction


def _end(correction: Correction, ended_as: CorrectionEnd) -> None:
    correction.ended_at, correction.ended_as = clock.judged_now(), ended_as
    db.session.flush()


def _tell_bidder(bid: Bid, mail: str, **facts: str) -> None:
    for person in bidders_of(bid.bidder_id):
        outbox.post(
            f"bids/compliance/mail/{mail}.txt",
            to=person.email,
            subject_id=bid.id,
            facts={"bid_id": str(bid.id), "title": bid.lot.title, **facts},
        )
