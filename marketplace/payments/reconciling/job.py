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
from marketplace.payments.reconciling import actions, queries, reading
from marketplace.payments.reconciling.actions import Comparison
from marketplace.payments.reconciling.comparing import (
    Difference,
    Movement,
    comparable,
    differences,
)
from marketplace.payments.reconciling.models import MismatchKind, Reconciliation
from marketplace.payments.stripes.clients import held_at_stripe
from marketplace.payments.stripes.errors import is_unclear
from marketplace.payments.turns import Went, in_turn

EVERY = timedelta(days=1)
# Far enough back that a debit which is taken back a month later is compared whole.
OVERLAP = timedelta(days=40)
# Stripe moves some money (a debit) days before it can be used and is posted here: of this age
# both are read to find again what the other has, and nothing is missed.
EARLIER = timedelta(days=30)


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
    since = _since(body_id, until)
    held = held_at_stripe(body_id)
    read = list(reading.there(body_id, since - EARLIER, until))
    if held_at_stripe(body_id) != held:
        raise StillMoving(str(body_id))
    body = db.session.get_one(StripeAccount, body_id)
    pence_here = balance(body.balance_account_id)
    booked = list(reading.here(body, since, until, EARLIER))
    if balance(body.balance_account_id) != pence_here:
        raise StillMoving(str(body_id))
    ours, theirs = comparable(booked, read, since), comparable(read, booked, since)
    found = list(differences(ours, theirs))
    apart = _apart(ours, theirs) + _explained(body_id, since, found)
    if held - pence_here != apart:
        gap = (pence_here, held - apart)
        found.append(Difference(MismatchKind.BALANCE, "balance", "", *gap, until))
    compared = Comparison(since, until, pence_here, held, len(theirs), found)
    with write():
        return actions.keep(body_id, compared)


def _since(body_id: UUID, until: datetime) -> datetime:
    """The last weeks; and as far back as a difference is still open, so that it can be settled."""
    first = queries.first_open(body_id) or until
    return min(until - OVERLAP, first - 3 * reading.YOUNG)


def _apart(ours: list[Movement], theirs: list[Movement]) -> int:
    """What the movements say that stands between both balances.

    Money that Stripe holds back still (pending) is in neither.
    """
    return sum(each.pence for each in theirs if each.available) - sum(each.pence for each in ours)


def _explained(body_id: UUID, since: datetime, found: list[Difference]) -> int:
    """The same of what is older and was explained, and is not found again."""
    again = {(each.cause, each.reference) for each in found}
    return sum(
        each.pence_there - each.pence_here
        for each in queries.explained_before(body_id, since)
        if (each.cause, each.reference) not in again
    )


def register(app: Flask) -> None:
    """Compare in the application's round."""
    jobs.register(app, "compare with Stripe", compare_all)
