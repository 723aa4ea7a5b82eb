"""A grant's instalments: planned on acceptance, owed on their day, and paid.

What is owed is posted once and put forward to be paid, as an approved claim is; a grant is outside
the scope of VAT.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import func, select

from lots.contracts import mails
from lots.contracts.books.owing import owe
from lots.contracts.changes.models import ContractChange
from lots.contracts.grants.lifecycle import COME_BACK, DROP, FALL_DUE, INSTALMENT, PAY, PAYS
from lots.contracts.grants.models import GrantInstalment, InstalmentState
from lots.contracts.grants.schedule import less, schedule
from lots.contracts.models import Contract, Side
from lots.contracts.permissions import MANAGERS
from lots.models import Lot
from lots.vocabulary import Route
from marketplace import audit, calendar, clock, jobs
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.payments.actions import Cause
from marketplace.payments.paying.models import Payment
from marketplace.permissions import NotYours

# The cause under which an instalment is owed and paid.
OWED_CAUSE = "instalment:owed"


def plan(contract: Contract, by: Acting | None) -> None:
    """The schedule of an accepted grant, by its lot's payment profile; what is due is owed."""
    if contract.route != Route.GRANT:
        return
    lot, today = db.session.get_one(Lot, contract.lot_id), clock.today()
    months, starts_on = contract.value_term_months, contract.starts_on
    dues = schedule(contract.value_pence, months, lot.payment_profile, today, starts_on)
    for number, due in enumerate(dues, 1):
        _add(contract, number, due.on, due.pence)
    db.session.flush()
    audit.record("grant:planned", subject=contract, by=by, facts={"instalments": len(dues)})
    for instalment in _planned(contract.id, today):
        _owe(instalment)


def _add(contract: Contract, number: int, day: date, pence: int) -> None:
    row = GrantInstalment(
        id=new_id(), contract_id=contract.id, number=number, due_on=day, pence=pence
    )
    row.contract = contract
    db.session.add(row)


def _planned(contract_id: UUID, until: date = date.max) -> Sequence[GrantInstalment]:
    found = select(GrantInstalment).where(
        GrantInstalment.contract_id == contract_id,
        GrantInstalment.state == InstalmentState.PLANNED,
        GrantInstalment.due_on <= until,
    )
    locked = found.order_by(GrantInstalment.number).with_for_update()
    return db.session.scalars(locked.execution_options(populate_existing=True)).all()


def _owe(instalment: GrantInstalment) -> None:
    """Owed from its own day, so that the days to pay are counted from it, or from acceptance."""
    INSTALMENT.take(FALL_DUE, instalment, None, facts={"owed_at": clock.now()})
    contract = instalment.contract
    owe(
        contract,
        Cause(OWED_CAUSE, instalment.id),
        net=instalment.pence,
        vat=0,
        owed_from=clock.today(),
        about=_(
            "%(reference)s, instalment %(number)s",
            reference=contract.reference,
            number=instalment.number,
        ),
        by=None,
    )
    mails.tell(contract, "life/instalment_owed", {Side.BUYER: MANAGERS})


def paid(payment: Payment, by: Acting | None) -> None:
    """The payment of an instalment was made."""
    if payment.cause_kind == OWED_CAUSE:
        facts = {"paid_at": payment.paid_at}
        INSTALMENT.take(PAY, _instalment(payment.cause_id), None, facts=facts)


def came_back(payment: Payment, by: Acting | None) -> None:
    """The bank gave the money back: the instalment is owed still, by a new payment."""
    if payment.cause_kind == OWED_CAUSE:
        INSTALMENT.take(COME_BACK, _instalment(payment.cause_id), None, facts={"paid_at": None})


def stop(contract: Contract, by: Acting | None) -> None:
    """Under a grant that ends early nothing more falls due."""
    for instalment in _planned(contract.id):
        INSTALMENT.take(DROP, instalment, None)


def follow_change(change: ContractChange, by: Acting | None) -> None:
    """Make the instalments add up to the value that a change has set.

    More is one instalment on the day of the change; less falls away from the last ones. What
    has been owed already stays; what is too much then comes back at the end as unspent.
    """
    contract = change.contract
    stood, last = db.session.execute(
        select(func.sum(GrantInstalment.pence), func.max(GrantInstalment.number)).where(
            GrantInstalment.contract_id == contract.id,
            GrantInstalment.state != InstalmentState.VOID,
        )
    ).one()
    if stood is None or contract.value_pence == stood:
        return
    if contract.value_pence > stood:
        top = select(func.max(GrantInstalment.number)).where(
            GrantInstalment.contract_id == contract.id
        )
        number = (db.session.scalar(top) or last) + 1
        _add(contract, number, change.effective_on, contract.value_pence - int(stood))
    else:
        planned = _planned(contract.id)
        amounts = less([each.pence for each in planned], int(stood) - contract.value_pence)
        for instalment, pence in zip(planned, amounts, strict=True):
            if pence:
                instalment.pence = pence
            else:
                INSTALMENT.take(DROP, instalment, None)
    db.session.flush()
    audit.record("grant:replanned", subject=contract, by=None, facts={"change": change.number})


def fall_due(now: datetime) -> int:
    """Have every instalment be owed whose day has come; returns how many."""
    due = (
        select(GrantInstalment.id)
        .join(Contract)
        .where(
            GrantInstalment.state == InstalmentState.PLANNED,
            GrantInstalment.due_on <= calendar.day_of(now),
            Contract.state.in_(PAYS),
        )
        .order_by(GrantInstalment.due_on, GrantInstalment.id)
    )
    return jobs.each_alone(db.session.scalars(due).all(), lambda each: _owe(_locked(each)))


def next_due(after: datetime) -> datetime | None:
    """The first moment of the next instalment's day."""
    soonest = select(func.min(GrantInstalment.due_on)).where(
        GrantInstalment.state == InstalmentState.PLANNED,
        GrantInstalment.due_on > calendar.day_of(after),
    )
    day = db.session.scalar(soonest)
    return calendar.start_of(day) if day else None


def _locked(instalment_id: UUID) -> GrantInstalment:
    """The contract first, as everything else that writes to what belongs to it."""
    contract_id = db.session.scalar(
        select(GrantInstalment.contract_id).where(GrantInstalment.id == instalment_id)
    )
    if contract_id is None:
        raise NotYours(instalment_id)
    db.session.get_one(Contract, contract_id, with_for_update=True, populate_existing=True)
    return _instalment(instalment_id)


def _instalment(instalment_id: UUID) -> GrantInstalment:
    return db.session.get_one(
        GrantInstalment, instalment_id, with_for_update=True, populate_existing=True
    )


def register(app: Flask) -> None:
    """Put the due days into the application's round."""
    jobs.register(app, "let instalments fall due", fall_due, next_due)
