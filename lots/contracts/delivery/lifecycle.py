"""Every step of a price-and-places review; a kept month opens it."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from lots.contracts.changes.models import ChangeState, ContractChange
from lots.contracts.delivery.models import PriceReview
from lots.contracts.delivery.permissions import DeliveryPermission
from lots.contracts.delivery.vocabulary import REVIEW_STATES, ReviewState
from lots.contracts.models import CONTRACT_STATES, ContractState
from marketplace.database import db
from marketplace.lifecycle import Lifecycle, Step, lifecycles

STANDS = (ChangeState.PROPOSED, ChangeState.AGREED, ChangeState.IN_FORCE)
OVER = (ContractState.ENDED, ContractState.TERMINATED)


def change_since(review: PriceReview) -> ContractChange | None:
    """The latest change proposed since the review opened that was not refused or withdrawn."""
    found = select(ContractChange).where(
        ContractChange.contract_id == review.contract_id,
        ContractChange.proposed_at >= review.opened_at,
        ContractChange.state.in_(STANDS),
    )
    return db.session.scalars(found.order_by(ContractChange.number.desc()).limit(1)).one_or_none()


def change_proposed(review: PriceReview) -> Any:
    """A review is agreed by what it changes."""
    if change_since(review) is not None:
        return None
    return _("Propose the change first: value, places or areas. Then come back here.")


def contract_over(review: PriceReview) -> Any:
    """Only a contract that is over leaves nothing to review."""
    if review.contract.state in OVER:
        return None
    state = CONTRACT_STATES[review.contract.state]
    return _("The contract still runs (%(state)s), so the review stays open.", state=state)


AGREE = Step(
    "agree",
    frm=(ReviewState.OPEN,),
    to=ReviewState.AGREED,
    label=_l("End it with the change proposed"),
    permission=DeliveryPermission.END_REVIEW,
    guard=change_proposed,
)
CLOSE = Step(
    "close",
    frm=(ReviewState.OPEN,),
    to=ReviewState.CLOSED,
    label=_l("Close it without a change"),
    permission=DeliveryPermission.END_REVIEW,
)
LAPSE = Step(
    "lapse",
    frm=(ReviewState.OPEN,),
    to=ReviewState.CLOSED,
    label=_l("Fall away with the contract"),
    guard=contract_over,
)

REVIEW = Lifecycle("price_review", PriceReview, REVIEW_STATES, [AGREE, CLOSE, LAPSE])


def register(app: Flask) -> None:
    """List the review's lifecycle among the application's."""
    lifecycles(app).append(REVIEW)
