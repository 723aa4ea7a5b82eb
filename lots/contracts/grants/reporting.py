"""The one-page report on a grant: wanted at its end, sent, sent back or accepted, and closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from lots.contracts import actions as contract_actions
from lots.contracts import mails, places
from lots.contracts.books.owing import came_back
from lots.contracts.delivery.months import starts_of
from lots.contracts.delivery.vocabulary import MEASURE
from lots.contracts.grants.lifecycle import ACCEPT, REPORT, SEND, SEND_BACK
from lots.contracts.grants.models import (
    MOST_WORDS,
    GrantInstalment,
    GrantReport,
    InstalmentState,
    ReportState,
)
from lots.contracts.grants.permissions import GrantPermission
from lots.contracts.models import Contract, ContractState, Side
from lots.contracts.permissions import CONFIRMERS, MANAGERS
from marketplace import audit, calendar, clock, jobs
from marketplace.acting import Acting
from marketplace.calendar import months_later
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.payments.actions import Cause
from marketplace.permissions import NotYours, check
from marketplace.registry import measures
from marketplace.web.words import count_words

# Policy (domain, sections 6 and 7): due four weeks after the end, a reminder one week before and
# on the day after; without it the grant is closed three months after its end.
DUE_AFTER, REMIND_BEFORE = timedelta(weeks=4), timedelta(weeks=1)
CLOSED_AFTER_MONTHS = 3
WRITERS = {Side.PROVIDER: CONFIRMERS[Side.PROVIDER]}


def want(contract: Contract, by: Acting | None) -> None:
    """Ask for the report of a grant that ends; one that ends earlier still is asked earlier."""
    if not _has_schedule(contract.id):
        return
    last = contract.ends_on
    if contract.terminated_at is not None:
        last = min(last, calendar.day_of(contract.terminated_at))
    due_on, closes_on = last + DUE_AFTER, months_later(last, CLOSED_AFTER_MONTHS)
    report = report_of(contract.id)
    if report is not None:
        if report.state == ReportState.WANTED:
            report.due_on, report.closes_on = due_on, closes_on
        return
    report = GrantReport(id=new_id(), contract_id=contract.id, due_on=due_on, closes_on=closes_on)
    report.contract = contract
    db.session.add(report)
    db.session.flush()
    audit.record("grant_report:wanted", subject=report, by=None)
    mails.tell(contract, "life/report_wanted", WRITERS, report_id=str(report.id))


def _has_schedule(contract_id: UUID) -> bool:
    found = select(GrantInstalment.id).where(GrantInstalment.contract_id == contract_id)
    return db.session.scalar(found.limit(1)) is not None


def report_of(contract_id: UUID) -> GrantReport | None:
    """A grant's report, once it is wanted."""
    return db.session.scalars(
        select(GrantReport).where(GrantReport.contract_id == contract_id)
    ).one_or_none()


def numbers_of(contract: Contract) -> dict[str, Any]:
    """The report's numbers, counted from delivery: starts, and each indicator so many of so many.

    Counted to the present day, so that people who finished after the last day are in.
    """
    first, today = contract.starts_on, clock.today()
    counted: Mapping[Any, tuple[int, int, int]] = measures()[MEASURE](contract.id, first, today)
    starts = starts_of(contract.id, first, today)
    return {"starts": starts} | {
        str(each): [so_many, of] for each, (so_many, of, _people) in counted.items()
    }


def paid_pence(contract_id: UUID) -> int:
    """What has been owed or paid under a grant."""
    paid = select(func.sum(GrantInstalment.pence)).where(
        GrantInstalment.contract_id == contract_id,
        GrantInstalment.state.in_((InstalmentState.OWED, InstalmentState.PAID)),
    )
    return int(db.session.scalar(paid) or 0)


def send(report_id: UUID, text: str, unspent_pence: int, by: Acting) -> GrantReport:
    """Send the report with the numbers of this moment.

    Raises Refused, AlreadyChanged, Refusal for more than 300 words, or more unspent than paid.
    """
    report, contract = _locked(report_id)
    if count_words(text) > MOST_WORDS or not text.strip():
        raise Refusal(_("Write at least a sentence, and at most %(most)s words.", most=MOST_WORDS))
    if not 0 <= unspent_pence <= paid_pence(contract.id):
        raise Refusal(_("What is unspent cannot be more than what was paid."))
    facts = {
        "text": text,
        "unspent_pence": unspent_pence,
        "numbers": numbers_of(contract),
        "sent_at": clock.now(),
        "sent_by_id": by.person_id,
    }
    REPORT.take(SEND, report, by, facts=facts)
    _tell(report, "report_sent", {Side.BUYER: MANAGERS})
    return report


def send_back(report_id: UUID, because: str, by: Acting) -> GrantReport:
    """Ask for something to be put right; the report can be sent again. Raises Refused."""
    report, _contract = _locked(report_id)
    REPORT.take(SEND_BACK, report, by, facts={"sent_back_because": because})
    _tell(report, "report_back", WRITERS)
    return report


def accept(report_id: UUID, by: Acting) -> GrantReport:
    """Accept the report, and close the grant where nothing else keeps it open."""
    report, contract = _locked(report_id)
    facts = {"accepted_at": clock.now(), "accepted_by_id": by.person_id}
    REPORT.take(ACCEPT, report, by, facts=facts)
    _tell(report, "report_accepted", WRITERS)
    if contract.state == ContractState.ENDING and contract.ends_on < clock.today():
        contract_actions.run_out(contract.id)
    return report


def record_return(report_id: UUID, by: Acting) -> GrantReport:
    """Record that what was unspent has come back, posting it once. Raises Refused, Refusal."""
    report, contract = _locked(report_id)
    check(by, GrantPermission.RECORD_RETURN, report)
    if report.state != ReportState.ACCEPTED or not report.unspent_pence:
        raise Refusal(_("Nothing is to be given back under this grant."))
    if report.returned_at is not None:
        raise AlreadyChanged(_("This has already been recorded."))
    report.returned_at, report.returned_by_id = clock.now(), by.person_id
    came_back(contract, Cause("grant:returned", report.id), report.unspent_pence, by)
    audit.record("grant_report:returned", subject=report, by=by, fields=["returned_at"])
    return report


def _tell(report: GrantReport, template: str, roles: Mapping) -> None:
    mails.tell(report.contract, f"life/{template}", roles, report_id=str(report.id))


def _locked(report_id: UUID) -> tuple[GrantReport, Contract]:
    """Areas, contract, report: in the order in which everything that ends a contract locks."""
    contract_id = db.session.scalar(
        select(GrantReport.contract_id).where(GrantReport.id == report_id)
    )
    if contract_id is None:
        raise NotYours(report_id)
    contract, _areas = places.locked_contract(contract_id)
    report = db.session.get_one(
        GrantReport, report_id, with_for_update=True, populate_existing=True
    )
    return report, contract


def remind(now: datetime) -> int:
    """Remind of reports a week before they are due and on the day after; returns how many."""
    today = calendar.day_of(now)
    early, late = today + REMIND_BEFORE, GrantReport.due_on < today
    wanted = select(GrantReport.id).where(
        GrantReport.state == ReportState.WANTED,
        or_(
            (GrantReport.due_on <= early) & GrantReport.reminded_on.is_(None),
            late & (GrantReport.reminded_on <= GrantReport.due_on),
        ),
    )
    count = 0
    for report_id in list(db.session.scalars(wanted.order_by(GrantReport.due_on))):
        with write():
            count += _remind(report_id, now)
    return count


def _remind(report_id: UUID, now: datetime) -> bool:
    report, _contract = _locked(report_id)
    today = calendar.day_of(now)
    first = report.reminded_on is None and report.due_on <= today + REMIND_BEFORE
    late = report.due_on < today and (
        report.reminded_on is None or report.reminded_on <= report.due_on
    )
    if report.state != ReportState.WANTED or not (first or late):
        return False
    report.reminded_on = today
    db.session.flush()
    _tell(report, "report_late" if late else "report_reminder", WRITERS)
    return True


def next_reminder(after: datetime) -> datetime | None:
    """The next moment at which a reminder is due, or a grant closes without its report."""
    today = calendar.day_of(after)
    days = []
    rows = select(GrantReport.due_on, GrantReport.closes_on).where(
        GrantReport.state != ReportState.ACCEPTED, GrantReport.closes_on >= today
    )
    for due_on, closes_on in db.session.execute(rows):
        one_day = timedelta(days=1)
        days += [due_on - REMIND_BEFORE, due_on + one_day, closes_on + one_day]
    ahead = [day for day in days if day > today]
    return calendar.start_of(min(ahead)) if ahead else None


def register(app: Flask) -> None:
    """Put the reminders into the application's round."""
    jobs.register(app, "remind of grant reports", remind, next_reminder)
