"""Opening a lot's bids: two different people confirm, the second confirmation opens."""

from __future__ import annotations

import json
from uuid import UUID

from flask_babel import gettext as _
from nacl.public import PrivateKey
from sqlalchemy import select

from bids.evaluation.models import Evaluation
from bids.lifecycle import CONFIRM_SECOND, OPENING
from bids.models import BidOpening, OpeningState
from bids.opening.unsealing import open_all, submitted_bids
from bids.partners.queries import bids_too
from bids.permissions import BidPermission
from lots import keys
from lots.actions import locked
from lots.keyholders import queries as keyholders
from lots.keyholders import splitting
from lots.keyholders.actions import own_key
from lots.keyholders.splitting import Halves
from lots.lifecycle import CLOSE, LOT, START_EVALUATION
from lots.models import Lot
from lots.permissions import DECIDERS, DRAFTERS
from lots.vocabulary import LotState
from marketplace import audit, clock
from marketplace.acting import Acting, Role
from marketplace.database import db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check


def confirm_opening(lot_id: UUID, by: Acting, code: str | None = None) -> BidOpening:
    """Confirm as the first or second person; the second opens every submitted bid.

    `code` is the opening code, where the lot's key is divided. Raises Refusal before the deadline,
    for a second confirmation by the same person, for somebody of a bidder, for whoever holds no
    part of a divided key, WrongCode for a code that is not theirs, and for a seal that does not
    hold (then nothing is opened).
    """
    lot = locked(lot_id)
    found = select(BidOpening).where(BidOpening.lot_id == lot_id).with_for_update()
    opening = db.session.scalar(found)
    if opening is None:
        return _confirm_first(lot, by, code)
    check(by, BidPermission.OPEN, opening)
    _untied(lot_id, by)
    if opening.state == OpeningState.OPENED:
        raise AlreadyChanged(_("The bids of this lot have already been opened."))
    if opening.first_by_id == by.person_id:
        raise Refusal(
            _("You have confirmed already. Another officer or decision-maker must confirm now.")
        )
    return _confirm_second(opening, lot, by, code)


def _confirm_first(lot: Lot, by: Acting, code: str | None) -> BidOpening:
    opening = BidOpening(id=new_id(), lot_id=lot.id, lot=lot, state=OpeningState.CONFIRMED_ONCE)
    check(by, BidPermission.OPEN, opening)
    _untied(lot.id, by)
    _close_if_due(lot)
    opening.first_by_id = by.person_id
    opening.first_role = _role(by)
    opening.first_at = clock.judged_now()
    if lot.splits_key:
        opening.first_halves = _written(_halves(lot, by, code))
    db.session.add(opening)
    audit.record("bid_opening:confirm_first", subject=opening, by=by)
    return opening


def _untied(lot_id: UUID, by: Acting) -> None:
    # Told to this person alone, and about an organisation of theirs.
    if bids_too(by.person_id, lot_id):
        raise Refusal(
            _(
                "Your organisation has a bid in for this lot, or is a partner in one. Somebody "
                "who belongs to no bidder must confirm."
            )
        )


def _role(by: Acting) -> Role:
    """The role that lets somebody confirm, for the record of the opening."""
    return next(role for role in (*DECIDERS, *DRAFTERS) if by.has(role))


def _close_if_due(lot: Lot) -> None:
    # The closing job may not have run yet; the deadline is what counts.
    if lot.state == LotState.OPEN:
        LOT.take(CLOSE, lot, by=None, facts={"closed_at": clock.judged_now()})
    if lot.state != LotState.CLOSED:
        raise Refusal(_("The bids of this lot cannot be opened in its present state."))


def _halves(lot: Lot, by: Acting, code: str | None) -> Halves:
    holder = keyholders.holder(lot.id, by.person_id)
    shares = keyholders.shares_of(holder.id) if holder else []
    if holder is None or not shares:
        raise Refusal(
            _(
                "You hold no part of the key of this lot. Two of the people who do must confirm: "
                "the page of the opening names them."
            )
        )
    return splitting.unsealed(holder.id, shares, own_key(holder, code or ""))


def _written(halves: Halves) -> str:
    """The first holder's halves until the second confirms; stored encrypted under the key ring."""
    by_other = {str(other_id): half.hex() for other_id, half in halves.halves.items()}
    return json.dumps({"holder": str(halves.holder_id), "halves": by_other})


def _read(written: str) -> Halves:
    stored = json.loads(written)
    by_other = {UUID(other): bytes.fromhex(half) for other, half in stored["halves"].items()}
    return Halves(UUID(stored["holder"]), by_other)


def _key(opening: BidOpening, lot: Lot, by: Acting, code: str | None) -> PrivateKey:
    if not lot.splits_key:
        return keys.private_key(lot)
    second = _halves(lot, by, code)
    return keys.joined_key(lot, _read(opening.first_halves or "{}"), second)


def _confirm_second(opening: BidOpening, lot: Lot, by: Acting, code: str | None) -> BidOpening:
    LOT.expect(START_EVALUATION, lot)
    key = _key(opening, lot, by, code)
    bids = submitted_bids(lot.id)
    now = clock.judged_now()
    facts = {
        "second_by_id": by.person_id,
        "second_role": _role(by),
        "second_at": now,
        "first_halves": None,
        "bids": len(bids),
    }
    OPENING.take(CONFIRM_SECOND, opening, by, facts=facts)
    open_all(bids, key, by)
    # The opening's own events name the two people; a decision-maker may be the second.
    LOT.take(START_EVALUATION, lot, by=None)
    db.session.add(Evaluation(id=new_id(), lot_id=lot.id, started_at=now))
    return opening
