"""Reading the check: what may be done with a bid now, what is to look at, what was corrected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from bids.attachments.queries import demands_in
from bids.changes.actions import owing_confirmation
from bids.compliance.models import Correction, CorrectionEnd, CorrectionFile
from bids.evaluation import queries as evaluations
from bids.evaluation.models import Evaluation, EvaluationState
from bids.models import Bid, BidState, OpenedBid, SetAsideGround
from bids.permissions import BidPermission
from bids.submitting.content import DECLARATIONS
from lots.prices.arithmetic import whole
from marketplace import files
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours, check
from marketplace.qualification.queries import Standing, standing, standings

UNREADABLE = (files.FileState.QUARANTINED, files.FileState.INFECTED)


def grounds(evaluation: Evaluation, bid: Bid) -> list[SetAsideGround]:
    """On which grounds this bid may be set aside now: its price, once open, or all the others.

    Nobody is set aside as not qualified who is, or whose application is still to be decided; and
    nobody at all while there is time to correct.
    """
    checkable = (BidState.OPENED, BidState.COMPLIANT)
    if evaluation.state in evaluations.BEFORE_PRICES and bid.state in checkable:
        kept = {SetAsideGround.PRICE_ABOVE_VALUE}
        if standing(bid.bidder_id, evaluation.lot.service_code) is not Standing.NONE:
            kept.add(SetAsideGround.NOT_QUALIFIED)
        return [each for each in SetAsideGround if each not in kept]
    if evaluation.state == EvaluationState.PRICED and bid.state == BidState.COMPLIANT:
        lot = evaluation.lot
        total = whole(lot, evaluations.opened_prices(evaluation)[bid.id])
        if lot.value_net_pence is not None and (total or 0) > lot.value_net_pence:
            return [SetAsideGround.PRICE_ABOVE_VALUE]
    return []


def held_bid(evaluation_id: UUID, bid_id: UUID, by: Acting) -> tuple[Evaluation, Bid]:
    """Evaluation and bid under their locks, for whoever runs it. Raises NotYours or Refused."""
    evaluation = evaluations.get(evaluation_id, locked=True)
    check(by, BidPermission.MANAGE, evaluation)
    held = select(Bid).where(Bid.id == bid_id, Bid.lot_id == evaluation.lot_id).with_for_update()
    bid = db.session.scalar(held.execution_options(populate_existing=True))
    if bid is None:
        raise NotYours(bid_id)
    return evaluation, bid


def open_correction(bid_id: UUID) -> Correction | None:
    """The request of this bid that is neither answered nor over."""
    found = select(Correction).where(Correction.bid_id == bid_id, Correction.ended_at.is_(None))
    return db.session.scalar(found.execution_options(populate_existing=True))


def corrections_of(bid_ids: Collection[UUID]) -> dict[UUID, list[Correction]]:
    """Every request to correct one of these bids, oldest first; two statements."""
    found = (
        select(Correction)
        .where(Correction.bid_id.in_(bid_ids))
        .order_by(Correction.asked_at, Correction.id)
        .options(selectinload(Correction.files))
    )
    by_bid: dict[UUID, list[Correction]] = {}
    for each in db.session.scalars(found):
        by_bid.setdefault(each.bid_id, []).append(each)
    return by_bid


def told_of(bid_ids: Collection[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """What each bidder's summary says of its corrections, moments as text; two statements."""
    return {
        bid_id: [
            {
                "fault": each.fault.value,
                "what": each.what,
                "asked_at": each.asked_at.isoformat(),
                "ended_as": each.ended_as.value if each.ended_as else None,
                "answered_at": each.ended_at.isoformat() if each.ended_at and _sent(each) else None,
                "answer": each.answer,
                "files": [sent.file.name for sent in each.files] if _sent(each) else [],
            }
            for each in found
        ]
        for bid_id, found in corrections_of(bid_ids).items()
    }


def _sent(correction: Correction) -> bool:
    return correction.ended_as is CorrectionEnd.ANSWERED


def sent_file(bid_id: UUID, sent_id: UUID, *, answered: bool) -> CorrectionFile:
    """A file of a correction; for the buyer only of an `answered` one. Raises NotYours."""
    for correction in corrections_of([bid_id]).get(bid_id, []):
        for each in correction.files:
            if each.id == sent_id and (_sent(correction) or not answered):
                return each
    raise NotYours(sent_id)


@dataclass
class Checked:
    """One bid in the list: what is worth a look, and where it stands."""

    bid: Bid
    name: str
    standing: Standing
    missing_declarations: int = 0
    unmet: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    unconfirmed: bool = False
    corrections: Sequence[Correction] = ()

    @property
    def nothing_found(self) -> bool:
        """Nothing that the product itself sees speaks against the bid."""
        found = self.missing_declarations or self.unmet or self.unreadable or self.unconfirmed
        return not found and self.standing is Standing.QUALIFIED


def checklist(evaluation: Evaluation) -> list[Checked]:
    """Every opened bid with what there is to check."""
    bids = evaluations.opened_bids(evaluation)
    ids = [bid.id for bid in bids]
    names = evaluations.bidder_names(bids)
    found = select(OpenedBid).where(OpenedBid.bid_id.in_(ids))
    found = found.options(selectinload(OpenedBid.version))
    opened = {each.bid_id: each for each in db.session.scalars(found)}
    contents = {bid_id: evaluations.content_of(each) for bid_id, each in opened.items()}
    states = _file_states(contents.values())
    owing = owing_confirmation(ids)
    standing_of = standings([bid.bidder_id for bid in bids], evaluation.lot.service_code)
    corrected = corrections_of(ids)
    listed = []
    for bid in bids:
        content = contents[bid.id]
        demands = demands_in(content)
        listed.append(
            Checked(
                bid,
                names[bid.id],
                standing_of[bid.bidder_id],
                max(0, len(DECLARATIONS) - len(content.get("declarations", []))),
                [each["label"] for each in demands if not each["words"] and not each["files"]],
                [
                    sent["name"]
                    for each in demands
                    for sent in each["files"]
                    if states.get(sent["file"]) in UNREADABLE
                ],
                (bid.id, opened[bid.id].version.number) in owing,
                corrected.get(bid.id, []),
            )
        )
    return listed


def _file_states(contents: Iterable[dict[str, Any]]) -> dict[str, files.FileState]:
    ids = {
        UUID(sent["file"])
        for content in contents
        for demand in content.get("demands", [])
        for sent in demand["files"]
    }
    found = select(files.File.id, files.File.state).where(files.File.id.in_(ids))
    return {str(file_id): state for file_id, state in db.session.execute(found)}
