"""Read a grant's instalments and its report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lots.contracts import queries as contracts
from lots.contracts.grants.models import GrantInstalment, GrantReport
from lots.contracts.grants.permissions import GrantPermission
from lots.contracts.models import Contract
from lots.models import Lot
from lots.vocabulary import Route
from marketplace import calendar
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours, allowed


def instalments_of(contract: Contract) -> Sequence[GrantInstalment]:
    """A grant's instalments by number; none before it is accepted."""
    found = select(GrantInstalment).where(GrantInstalment.contract_id == contract.id)
    return db.session.scalars(found.order_by(GrantInstalment.number)).all()


def report(report_id: UUID, by: Acting) -> GrantReport:
    """One report with its grant. Raises NotYours."""
    found = db.session.scalars(
        select(GrantReport)
        .join(Contract)
        .where(GrantReport.id == report_id, contracts.visible_to(by))
        .options(joinedload(GrantReport.contract))
    ).one_or_none()
    if found is None or not allowed(by, GrantPermission.SEE_REPORT, found):
        raise NotYours(report_id)
    return found


def days_to_decide(lot: Lot) -> tuple[date, date, int] | None:
    """The days on which a grant's competition closed and was decided, and how many lie between.

    None for a contract, and before the decision.
    """
    if lot.route != Route.GRANT or lot.closed_at is None or lot.decided_at is None:
        return None
    closed, decided = calendar.day_of(lot.closed_at), calendar.day_of(lot.decided_at)
    return closed, decided, (decided - closed).days
