"""Once a day for each body: read Stripe's movements and ours, compare them, keep what differs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from marketplace import clock, jobs
from marketplace.database import db, write
from marketplace.payments.bodies.models import StripeAccount
from marketplace.payments.queries import balance
from marketplace.payments.reconciling import actions, reading
from marketplace.payments.reconciling.actions import Comparison
from marketplace.payments.reconciling.comparing import Difference, Movement, differences
from marketplace.payments.reconciling.models import MismatchKind, Reconciliation
from marketplace.payments.stripes.clients import held_at_stripe
from marketplace.payments.stripes.errors import is_unclear
from marketplace.payments.turns import Went, in_turn

EVERY = timedelta(days=1)
# Far enough back that a debit which is taken back a month later is compared whole.
OVERLAP = timedelta(days=40)


class StillMoving(Exception):
    """Money was moved while the movements were read: the next round reads them again."""


def compare_all(now: datetime) -> int:
    """Compare every body that was not compared for a day; returns how many."""
    return in_turn([(body_id, body_id) for body_id in _due()], _compare_alone, is_unclear)


def _due() -> Sequence[UUID]:
    last = func.max(Reconciliation.compared_until)
    found = (
        select(StripeAccount.organisation_id)
        .outerjoin(Reconciliation, Reconciliation.body_id == StripeAccount.organisation_id)
        .group_by(StripeAccount.organisation_id)
        .having(last.is_(None) | (last <= clock.technical_now() - EVERY))
        .order_by(StripeAccount.organisation_id)
    )
    return db.session.scalars(found).all()


def _compare_alone(body_id: UUID) -> Went:
    compare(body_id)
    return Went.DONE


def compare(body_id: UUID) -> Reconciliation:
    """Compare one body's books with Stripe's now. Raises what Stripe's library raises."""
    until = clock.technical_now()
    since = until - OVERLAP
    held = held_at_stripe(body_id)
    theirs = list(reading.there(body_id, since, until))
    if held_at_stripe(body_id) != held:
        raise StillMoving(str(body_id))
    body = db.session.get_one(StripeAccount, body_id)
    ours = list(reading.here(body, since, until))
    found = list(differences(ours, theirs))
    pence_here = balance(body.balance_account_id)
    found += _unexplained(pence_here, held, ours, theirs, until)
    compared = Comparison(since, until, pence_here, held, len(theirs), found)
    with write():
        return actions.keep(body_id, compared)


def _unexplained(
    here: int, there: int, ours: list[Movement], theirs: list[Movement], until: datetime
) -> list[Difference]:
    """What stands between both balances and is no difference of one movement, old ones included.

    Money that Stripe holds back still (pending) is in neither.
    """
    apart = sum(each.pence for each in theirs if each.available) - sum(each.pence for each in ours)
    if there - here == apart:
        return []
    return [Difference(MismatchKind.BALANCE, "balance", "", here, there - apart, until)]


def register(app: Flask) -> None:
    """Compare in the application's round."""
    jobs.register(app, "compare with Stripe", compare_all)
