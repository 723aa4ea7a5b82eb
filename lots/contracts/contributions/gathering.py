"""Once a month, what each funder owes each buyer is put on one invoice; and sooner if asked.

Whatever is due before the 20th of a month (policy) is gathered on that day: by then the claims of
the month before have been approved. What falls due later comes onto the next invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from flask import Flask
from sqlalchemy import ColumnElement, and_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager

from lots.contracts.books import contributions
from lots.contracts.books.models import ContractFunding, Contribution, ContributionState
from lots.contracts.models import Contract
from marketplace import calendar, clock, jobs
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db
from marketplace.payments.actions import Cause
from marketplace.payments.invoicing import actions as invoicing
from marketplace.payments.invoicing.actions import Line
from marketplace.payments.invoicing.models import Invoice
from marketplace.payments.models import Posting
from marketplace.payments.paying.models import Payment

GATHERED_ON = 20
# Stripe takes so many lines on one invoice in one piece; what is more comes onto another one.
MOST_LINES = 200
IS_DUE = and_(
    Contribution.state == ContributionState.DUE,
    ContractFunding.organisation_id != Contract.buyer_id,
)


class Pair(NamedTuple):
    """Who asks whom; money of the demonstration never stands beside real money."""

    buyer_id: UUID
    funder_id: UUID
    is_demonstration: bool


def last_day(today: date) -> date:
    """The latest day of gathering up to `today`."""
    this = today.replace(day=GATHERED_ON)
    return this if this <= today else months_later(this, -1)


def gather_due(now: datetime) -> int:
    """The job: write every invoice that is due to be written; returns how many.

    Each is a write of its own; a pair whose invoice cannot be written holds up no other.
    """
    before = calendar.start_of(last_day(clock.today()))
    return jobs.batch_after_batch(
        lambda: _pairs(IS_DUE, Contribution.due_at < before),
        lambda pair: gather(pair, before, None) is not None,
    )


def _pairs(*wanted: ColumnElement[bool]) -> Sequence[Pair]:
    columns = (Contract.buyer_id, ContractFunding.organisation_id, Contract.is_demonstration)
    found = (
        select(*columns)
        .select_from(Contribution)
        .join(Contribution.funding)
        .join(ContractFunding.contract)
        .where(*wanted)
        .distinct()
        .order_by(*columns)
    )
    return [Pair(*row) for row in db.session.execute(found)]


def pairs_of(buyer_id: UUID, funder_id: UUID) -> Sequence[Pair]:
    """What this funder owes this buyer and is on no invoice: real, and of the demonstration."""
    between = (Contract.buyer_id == buyer_id, ContractFunding.organisation_id == funder_id)
    return _pairs(IS_DUE, *between)


def gather(pair: Pair, before: datetime, by: Acting | None) -> Invoice | None:
    """Put what a funder owes a buyer since before a moment on one invoice; None where nothing is.

    Locks what it gathers: gathered twice, the second finds nothing. The caller has asked whether
    `by` may.
    """
    due = _locked(pair, before)
    if not due:
        return None
    wholes = _wholes(due)
    invoice = invoicing.make(
        pair.buyer_id,
        pair.funder_id,
        [_line(each, wholes) for each in due],
        is_demonstration=pair.is_demonstration,
        by=by,
    )
    for each in due:
        contributions.invoiced(each, invoice.id, by)
    return invoice


def _locked(pair: Pair, before: datetime) -> Sequence[Contribution]:
    found = (
        select(Contribution)
        .join(Contribution.funding)
        .join(ContractFunding.contract)
        .where(
            IS_DUE,
            Contribution.due_at < before,
            Contract.buyer_id == pair.buyer_id,
            ContractFunding.organisation_id == pair.funder_id,
            Contract.is_demonstration == pair.is_demonstration,
        )
        .order_by(Contract.reference, Contribution.due_at, Contribution.id)
        .limit(MOST_LINES)
        .options(contains_eager(Contribution.funding).contains_eager(ContractFunding.contract))
    )
    again = found.with_for_update(of=Contribution).execution_options(populate_existing=True)
    return db.session.scalars(again).all()


class Whole(NamedTuple):
    """What was approved for a cause: its words, and its pence with VAT and of VAT."""

    about: str
    pence: int
    vat: int


def _wholes(due: Sequence[Contribution]) -> dict[tuple[str, UUID], Whole]:
    """Of each cause, of which contract and month it is, and how much was approved in all."""
    causes = {(each.cause_kind, each.cause_id) for each in due}
    vat = aliased(Posting)
    found = (
        select(Payment.cause_kind, Payment.cause_id, Payment.about, Payment.pence, vat.pence)
        .outerjoin(
            vat,
            and_(vat.cause_id == Payment.cause_id, vat.cause_kind == Payment.cause_kind + ":vat"),
        )
        .where(tuple_(Payment.cause_kind, Payment.cause_id).in_(causes), Payment.round == 0)
    )
    return {
        (kind, id_): Whole(about, pence, part or 0)
        for kind, id_, about, pence, part in db.session.execute(found)
    }


def _line(due: Contribution, wholes: dict[tuple[str, UUID], Whole]) -> Line:
    only = Whole(due.funding.contract.reference, due.pence, 0)
    whole = wholes.get((due.cause_kind, due.cause_id), only)
    return Line(
        Cause("contribution", due.id),
        whole.about,
        due.pence,
        due.funding.purchase_order,
        whole.pence,
        # Rounded to the nearest penny; what is asked for is `due.pence` whatever part of it is VAT.
        (2 * whole.vat * due.pence + whole.pence) // (2 * whole.pence),
    )


def next_day(after: datetime) -> datetime | None:
    """The next day of gathering, where something waits for it."""
    waits = select(Contribution.id).join(Contribution.funding).join(ContractFunding.contract)
    if db.session.scalar(waits.where(IS_DUE).limit(1)) is None:
        return None
    return calendar.start_of(months_later(last_day(calendar.day_of(after)), 1))


def register(app: Flask) -> None:
    """Put the gathering into the application's round."""
    jobs.register(app, "write invoices to funders", gather_due, next_day)
