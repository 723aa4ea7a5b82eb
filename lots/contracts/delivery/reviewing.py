"""Price-and-places reviews: opened with a month, ended by the buyer with a change or a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from lots.contracts import mails
from lots.contracts.delivery.judging import Judged, review_due
from lots.contracts.delivery.lifecycle import AGREE, CLOSE, LAPSE, REVIEW, change_since
from lots.contracts.delivery.models import ContractMonth, PriceReview
from lots.contracts.delivery.vocabulary import Direction, ReviewState
from lots.contracts.models import Contract, ContractState, Side
from lots.contracts.permissions import MANAGERS
from marketplace import audit, calendar, clock
from marketplace.acting import Acting, Role
from marketplace.database import db, new_id
from marketplace.permissions import NotYours

TOLD = {Side.BUYER: MANAGERS, Side.PROVIDER: (Role.SERVICE_MANAGER, Role.BID_MANAGER)}


def due(contract_id: UUID, months: Sequence[ContractMonth]) -> tuple[Direction, date] | None:
    """The review that these months call for; None while one is open.

    Months up to the end of an earlier review have been reviewed: they call for no other.
    """
    last = db.session.scalars(
        select(PriceReview)
        .where(PriceReview.contract_id == contract_id)
        .order_by(PriceReview.last_month.desc())
        .limit(1)
    ).one_or_none()
    if last is not None and last.state == ReviewState.OPEN:
        return None
    after = last.last_month if last else date.min
    if last is not None and last.ended_at is not None:
        after = max(after, calendar.day_of(last.ended_at).replace(day=1))
    return review_due(
        [
            Judged(each.month, each.expected, each.starts, each.is_whole)
            for each in months
            if each.month > after
        ]
    )


def kept_months(contract_id: UUID) -> Sequence[ContractMonth]:
    """The kept months of a contract, the earliest first."""
    found = select(ContractMonth).where(ContractMonth.contract_id == contract_id)
    return db.session.scalars(found.order_by(ContractMonth.month)).all()


def open_review(contract_id: UUID) -> bool:
    """Open the review that the kept months call for; says whether one was. Both sides are told."""
    contract = db.session.get_one(
        Contract, contract_id, with_for_update=True, populate_existing=True
    )
    called_for = due(contract_id, kept_months(contract_id))
    if contract.state != ContractState.LIVE or called_for is None:
        return False
    direction, last_month = called_for
    review = PriceReview(
        id=new_id(),
        contract_id=contract_id,
        direction=direction,
        last_month=last_month,
        opened_at=clock.now(),
    )
    db.session.add(review)
    db.session.flush()
    facts = {"direction": direction, "last_month": last_month}
    audit.record("price_review:opened", subject=review, by=None, facts=facts)
    mails.tell(contract, "life/review_opened", TOLD, review_id=str(review.id))
    return True


def agree(review_id: UUID, by: Acting) -> PriceReview:
    """End the review with the change that was proposed since. Raises Refused, Refusal."""
    review = _locked(review_id)
    change = change_since(review)
    facts = _ended(by) | {"change_id": change.id if change else None}
    REVIEW.take(AGREE, review, by, facts=facts)
    mails.tell(review.contract, "life/review_ended", TOLD, review_id=str(review.id))
    return review


def close(review_id: UUID, reason: str, by: Acting) -> PriceReview:
    """End the review without a change, saying why. Raises Refused, AlreadyChanged."""
    review = _locked(review_id)
    REVIEW.take(CLOSE, review, by, facts=_ended(by) | {"reason": reason})
    mails.tell(review.contract, "life/review_ended", TOLD, review_id=str(review.id))
    return review


def lapse(contract: Contract, by: Acting | None) -> None:
    """A contract that is over leaves nothing to review."""
    open_one = select(PriceReview).where(
        PriceReview.contract_id == contract.id, PriceReview.state == ReviewState.OPEN
    )
    for review in db.session.scalars(open_one.with_for_update()):
        REVIEW.take(LAPSE, review, None, facts={"ended_at": clock.now()})


def _ended(by: Acting) -> dict[str, object]:
    return {"ended_at": clock.now(), "ended_by_id": by.person_id}


def _locked(review_id: UUID) -> PriceReview:
    """The contract first, as everything else that writes to what belongs to it."""
    contract_id = db.session.scalar(
        select(PriceReview.contract_id).where(PriceReview.id == review_id)
    )
    if contract_id is None:
        raise NotYours(review_id)
    db.session.get_one(Contract, contract_id, with_for_update=True, populate_existing=True)
    return db.session.get_one(PriceReview, review_id, with_for_update=True, populate_existing=True)
