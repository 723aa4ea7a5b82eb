"""A grant's instalments: planned on acceptance, owed on their day, recorded by the buyer.

The ledger is posted to as by claims: what is owed once, and that it is to be paid outside once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from lots.contracts import mails
from lots.contracts.changes.models import ContractChange
from lots.contracts.grants.lifecycle import DROP, FALL_DUE, INSTALMENT, PAYS, RECORD
from lots.contracts.grants.models import GrantInstalment, InstalmentState
from lots.contracts.grants.schedule import less, schedule
from lots.contracts.models import Contract, Side
from lots.contracts.permissions import MANAGERS, PROVIDERS_CLAIMANTS
from lots.models import Lot
from lots.vocabulary import Route
from marketplace import audit, calendar, clock, jobs
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.payments import actions as ledger
from marketplace.permissions import NotYours


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
    INSTALMENT.take(FALL_DUE, instalment, None, facts={"owed_at": clock.now()})
    cost, payable, _paid = instalment.contract.accounts
    _post(instalment, "owed", cost, payable, None)
    mails.tell(instalment.contract, "life/instalment_owed", {Side.BUYER: MANAGERS})


def record(instalment_id: UUID, by: Acting) -> GrantInstalment:
    """Record that an instalment is to be paid outside. Raises Refused, AlreadyChanged."""
    instalment = _locked(instalment_id)
    facts = {"recorded_at": clock.now(), "recorded_by_id": by.person_id}
    INSTALMENT.take(RECORD, instalment, by, facts=facts)
    _cost, payable, paid = instalment.contract.accounts
    _post(instalment, "recorded", payable, paid, by)
    mails.tell(
        instalment.contract, "life/instalment_recorded", {Side.PROVIDER: PROVIDERS_CLAIMANTS}
    )
    return instalment


def _post(
    instalment: GrantInstalment, what: str, debit: UUID, credit: UUID, by: Acting | None
) -> None:
    cause = ledger.Cause(f"instalment:{what}", instalment.id)
    ledger.post(debit=debit, credit=credit, pence=instalment.pence, cause=cause, by=by)


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
    return db.session.get_one(
        GrantInstalment, instalment_id, with_for_update=True, populate_existing=True
    )


def register(app: Flask) -> None:
    """Put the due days into the application's round."""
    jobs.register(app, "let instalments fall due", fall_due, next_due)
