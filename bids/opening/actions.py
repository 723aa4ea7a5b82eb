"""Opening a lot's bids: two different people confirm, the second confirmation opens."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from nacl.public import PrivateKey
from sqlalchemy import select

from bids import sealing
from bids.evaluation.models import Evaluation
from bids.lifecycle import BID, CONFIRM_SECOND, OPEN, OPENING
from bids.models import Bid, BidOpening, BidState, OpenedBid, OpeningState
from bids.permissions import BidPermission
from lots import keys
from lots.lifecycle import CLOSE, LOT, START_EVALUATION
from lots.models import Lot
from lots.vocabulary import LotState
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, check


def confirm_opening(lot_id: UUID, by: Acting) -> BidOpening:
    """Confirm as the first or second person; the second opens every submitted bid.

    Raises Refusal before the deadline, for a second confirmation by the same person, and for a
    seal that does not hold (then nothing is opened).
    """
    held = select(Lot).where(Lot.id == lot_id).with_for_update()
    lot = db.session.scalar(held)
    if lot is None:
        raise NotYours(lot_id)
    found = select(BidOpening).where(BidOpening.lot_id == lot_id).with_for_update()
    opening = db.session.scalar(found)
    if opening is None:
        return _confirm_first(lot, by)
    check(by, BidPermission.OPEN, opening)
    if opening.state == OpeningState.OPENED:
        raise AlreadyChanged(_("The bids of this lot have already been opened."))
    if opening.first_by_id == by.person_id:
        raise Refusal(
            _("You have confirmed already. Another officer or decision-maker must confirm now.")
        )
    return _confirm_second(opening, lot, by)


def _confirm_first(lot: Lot, by: Acting) -> BidOpening:
    opening = BidOpening(
        id=new_id(),
        lot_id=lot.id,
        lot=lot,
        state=OpeningState.CONFIRMED_ONCE,
        first_by_id=by.person_id,
        first_at=clock.judged_now(),
    )
    check(by, BidPermission.OPEN, opening)
    _close_if_due(lot)
    db.session.add(opening)
    audit.record("bid_opening:confirm_first", subject=opening, by=by)
    return opening


def _close_if_due(lot: Lot) -> None:
    # The closing job may not have run yet; the deadline is what counts.
    if lot.state == LotState.OPEN:
        LOT.take(CLOSE, lot, by=None, facts={"closed_at": clock.judged_now()})
    if lot.state != LotState.CLOSED:
        raise Refusal(_("The bids of this lot cannot be opened in its present state."))


def _confirm_second(opening: BidOpening, lot: Lot, by: Acting) -> BidOpening:
    _close_if_due(lot)
    key = keys.private_key(lot)
    found = select(Bid).where(Bid.lot_id == lot.id, Bid.state == BidState.SUBMITTED)
    bids = list(db.session.scalars(found.order_by(Bid.id).with_for_update()))
    now = clock.judged_now()
    OPENING.take(
        CONFIRM_SECOND,
        opening,
        by,
        facts={"second_by_id": by.person_id, "second_at": now, "bids": len(bids)},
    )
    for bid in bids:
        _open(bid, key, by)
    # The opening's own events name the two people; a decision-maker may be the second.
    LOT.take(START_EVALUATION, lot, by=None)
    db.session.add(Evaluation(id=new_id(), lot_id=lot.id, started_at=now))
    return opening


def _open(bid: Bid, key: PrivateKey, by: Acting) -> None:
    version = bid.versions[-1]
    try:
        content = sealing.unseal(version.sealed_content, key, version.sha256)
    except sealing.BrokenSeal as broken:
        raise Refusal(
            _(
                "A bid's seal does not hold: its content is not what was submitted. Nothing was "
                "opened. Tell the framework team before you go on."
            )
        ) from broken
    organisation_id = UUID(content["organisation"]["id"])
    BID.take(OPEN, bid, by, facts={"organisation_id": organisation_id})
    # From here on the trail may say whose bid it was; until now it named nobody.
    audit.record(
        "bid:unsealed",
        subject=bid,
        by=by,
        facts={
            "organisation": organisation_id,
            "version": version.number,
            "sha256": version.sha256,
            "submitted_at": version.submitted_at,
        },
    )
    db.session.add(
        OpenedBid(
            id=new_id(),
            bid_id=bid.id,
            version_id=version.id,
            content=sealing.canonical(content).decode(),
        )
    )
