"""A difference for the demonstration: somebody moved money by hand on Stripe's own pages."""

from __future__ import annotations

from flask.globals import app_ctx
from sqlalchemy import select

from marketplace.database import db
from marketplace.demonstration.stripe_accounts import REGION
from marketplace.demonstration.world import organisation
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.reconciling import job
from marketplace.payments.reconciling.models import Reconciliation
from marketplace.payments.reconciling.reading import YOUNG
from marketplace.payments.standin import beside
from marketplace.payments.standin.money import move

MOVED_PENCE = 35_00
PAYOUT = "po_by_hand_for_the_demonstration"


def build() -> None:
    """Have it be found by a comparison, which gives it to one of those who pay."""
    body_id = organisation(REGION).id
    compared = select(Reconciliation.id).where(Reconciliation.body_id == body_id)
    if db.session.scalar(compared.limit(1)) is not None:
        return
    at_stripe = db.session.get_one(StripeAccount, body_id).stripe_id
    with beside.store_of(app_ctx.app).write() as books:
        moved = move(books, at_stripe, "", "payout", -MOVED_PENCE, PAYOUT)
        # Old enough to be missed here.
        hours = 3 * int(YOUNG.total_seconds())
        books.save(moved | {"created": moved["created"] - hours})
    job.compare(body_id)
