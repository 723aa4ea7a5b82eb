"""Asking for confirmations, giving them, and telling bidders; none of it names lot and bidder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import func, select

from bids.changes.models import BidConfirmation, BidNews
from bids.models import NOT_IN, WRITABLE, Bid, BidState
from bids.permissions import BidPermission
from bids.queries import bidders_of, own_bid
from bids.working import is_changeable, lot_held_open
from lots.competition.lifecycle import ANSWER
from lots.competition.models import Clarification, LotChange
from lots.competition.telling import Happening
from lots.competition.vocabulary import ChangeKind
from lots.lifecycle import CANCEL
from lots.models import Lot
from marketplace import audit, calendar, clock, events, jobs, outbox
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.permissions import check

MORNING = time(8, 0)


def outstanding(bid: Bid) -> list[BidConfirmation]:
    """The confirmations that the version submitted last still owes, oldest first."""
    if bid.state in NOT_IN or bid.latest is None:
        return []
    found = (
        select(BidConfirmation)
        .join(BidConfirmation.change)
        .where(
            BidConfirmation.bid_id == bid.id,
            BidConfirmation.version_number == bid.latest.number,
            BidConfirmation.confirmed_at.is_(None),
        )
        .order_by(LotChange.made_at)
    )
    return list(db.session.scalars(found))


def owing_confirmation(bid_ids: Iterable[UUID]) -> set[tuple[UUID, int]]:
    """(bid, version) of each of these bids that owes a confirmation; in one statement."""
    owed = (BidConfirmation.bid_id.in_(list(bid_ids)), BidConfirmation.confirmed_at.is_(None))
    found = select(BidConfirmation.bid_id, BidConfirmation.version_number).where(*owed)
    return {(bid_id, number) for bid_id, number in db.session.execute(found)}


def confirm(bid_id: UUID, seen: Iterable[str], by: Acting) -> None:
    """Say that the submitted answers still stand after the changes of these ids.

    Raises Refusal once the lot has closed, where nothing is to be confirmed, and where there is a
    change that the bidder had not been shown.
    """
    lot_held_open(own_bid(bid_id, by).lot_id)
    bid = own_bid(bid_id, by, locked=True)
    check(by, BidPermission.SUBMIT, bid)
    if not is_changeable(bid):
        raise Refusal(_("This lot has closed. Your bid counts as you submitted it."))
    owed = outstanding(bid)
    if not owed:
        raise Refusal(_("Nothing of this bid is to be confirmed."))
    if not {str(each.change_id) for each in owed} <= set(seen):
        raise Refusal(
            _(
                "The lot has changed again since you opened the page, so nothing was confirmed. "
                "Go back, reload your bid, read what changed, and confirm then."
            )
        )
    for each in owed:
        each.confirmed_at = clock.judged_now()
        each.confirmed_by = str(by.person_id)
    # Like every event of a sealed bid it names nobody (bids/sealing.py).
    audit.record("bid:confirm", subject=bid, by=None)


def changed(change: LotChange, by: Acting | None) -> None:
    """A change was made, the lot's row locked: nobody submits at the same moment."""
    for bid in _bids_of(change.lot_id):
        if change.kind == ChangeKind.MATERIAL and bid.state == BidState.SUBMITTED:
            _want_confirmation(bid, change)
        else:
            _note(bid)


def answered(clarification: Clarification, by: Acting | None) -> None:
    """A question was answered for everybody."""
    for bid in _bids_of(clarification.lot_id):
        _note(bid)


def cancelled(lot: Lot, by: Acting | None) -> None:
    """A lot ended: those who submitted are told by `bids.endings`, here those still writing."""
    for bid in _bids_of(lot.id):
        if bid.state in NOT_IN:
            for person in bidders_of(bid.bidder_id):
                _mail("bids/mail/draft_ended.txt", bid, person)


def _bids_of(lot_id: UUID) -> list[Bid]:
    """In the documented order of locks: several of one kind by id."""
    found = select(Bid).where(Bid.lot_id == lot_id, Bid.state.in_(WRITABLE)).order_by(Bid.id)
    return list(db.session.scalars(found.with_for_update()))


def _want_confirmation(bid: Bid, change: LotChange) -> None:
    version = bid.latest
    assert version is not None  # a submitted bid has a version
    db.session.add(
        BidConfirmation(
            bid_id=bid.id,
            change_id=change.id,
            version_number=version.number,
            wanted_at=clock.now(),
        )
    )
    told = {person.id: person for person in bidders_of(bid.bidder_id)}
    submitter = db.session.get_one(Person, UUID(version.submitted_by))
    for person in (told | {submitter.id: submitter}).values():
        _mail("bids/mail/confirm.txt", bid, person)


def _note(bid: Bid) -> None:
    if db.session.get(BidNews, bid.id) is None:
        db.session.add(BidNews(bid_id=bid.id, since=clock.now()))


def _mail(template: str, bid: Bid, person: Person) -> None:
    # Neither lot nor organisation is named: a mail, too, would tie them together.
    outbox.post(template, to=person.email, subject_id=bid.id, facts={"bid_id": str(bid.id)})


def tell_bidders(now: datetime) -> int:
    """Each morning tell the people of every bid whose lot has news since; one mail at most."""
    latest = _morning_of(now) if now >= _morning_of(now) else _morning_of(now - timedelta(days=1))
    waiting = select(BidNews.bid_id).where(BidNews.since < latest).order_by(BidNews.since)
    return sum(_tell(bid_id) for bid_id in db.session.scalars(waiting.limit(500)).all())


def _tell(bid_id: UUID) -> bool:
    with write():
        news = db.session.get(BidNews, bid_id, with_for_update=True)
        if news is None:
            return False
        for person in bidders_of(news.bid.bidder_id):
            _mail("bids/mail/news.txt", news.bid, person)
        db.session.delete(news)
    return True


def _morning_of(moment: datetime) -> datetime:
    return datetime.combine(calendar.day_of(moment), MORNING, clock.LONDON)


def next_morning(after: datetime) -> datetime | None:
    """The morning on which bidders hear of what happened before it."""
    first = db.session.scalar(select(func.min(BidNews.since)))
    if first is None:
        return None
    from_here = max(first, after)
    return next(
        moment
        for moment in (_morning_of(from_here), _morning_of(from_here + timedelta(days=1)))
        if moment > from_here
    )


def register(app: Flask) -> None:
    """Hear of changes, answers and cancelling, and write in the morning."""
    events.when(app, Happening.CHANGED, changed)
    events.when(app, ANSWER, answered)
    events.when(app, CANCEL, cancelled)
    jobs.register(app, "tell bidders", tell_bidders, next_morning)
