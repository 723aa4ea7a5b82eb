"""Read top-ups, and what a body's payments wait for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from marketplace.database import db
from marketplace.paging import Page, paged
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.paying.models import Payment, PaymentState
from marketplace.payments.queries import balance
from marketplace.payments.topping.models import TopUp, TopUpState


@dataclass(frozen=True)
class Standing:
    """What a body holds at Stripe by our books, what is coming, and what waits for it; in pence."""

    held: int
    coming: int
    waiting: int
    payments: int

    @property
    def lacking(self) -> int:
        """What is missing to pay all that waits; 0 where nothing is."""
        return max(0, self.waiting - self.held - self.coming)


def standing(account: StripeAccount) -> Standing:
    """How the body's money at Stripe stands against its payments that wait for money."""
    on_its_way = select(func.sum(TopUp.pence)).where(
        TopUp.body_id == account.organisation_id,
        TopUp.state.in_((TopUpState.ASKED, TopUpState.COMING)),
    )
    short = select(func.sum(Payment.pence), func.count()).where(
        Payment.payer_id == account.organisation_id, Payment.state == PaymentState.SHORT
    )
    pence, payments = db.session.execute(short).one()
    return Standing(
        held=balance(account.balance_account_id),
        coming=int(db.session.scalar(on_its_way) or 0),
        waiting=int(pence or 0),
        payments=payments,
    )


def top_ups_page(body_id: UUID) -> Page:
    """The body's top-ups, the newest first."""
    found = select(TopUp).where(TopUp.body_id == body_id)
    return paged(found.order_by(TopUp.asked_at.desc(), TopUp.id))


def newest_top_ups(body_id: UUID, most: int) -> Sequence[TopUp]:
    """The body's newest top-ups."""
    found = select(TopUp).where(TopUp.body_id == body_id)
    return db.session.scalars(found.order_by(TopUp.asked_at.desc(), TopUp.id).limit(most)).all()
