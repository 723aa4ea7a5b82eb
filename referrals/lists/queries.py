"""Reading the lists of cases, a page at a time. What may be seen is in every query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from marketplace.acting import Acting
from marketplace.database import db
from referrals.codes import ReferralState
from referrals.lists import cursors
from referrals.lists.asking import Asked
from referrals.lists.rows import COLUMNS, CaseRow, case_rows
from referrals.lists.scopes import Conditions, Sight, first_ids, in_order, together
from referrals.lists.tabs import ORDERS, in_tab
from referrals.models import Referral

SIZE = 25
MOST_COUNTED = 100


@dataclass(frozen=True)
class Cases:
    """One page of a list, and where the pages beside it begin; None where there is none.

    `counted` is how many there are in all, `MOST_COUNTED` for so many or more; the first page says
    it.
    """

    rows: Sequence[CaseRow]
    counted: int | None
    after: str | None
    before: str | None


def page(by: Acting, asked: Asked, seen: Sight, size: int = SIZE) -> Cases:
    """One page of the cases this person may see; a constant number of statements."""
    rows, before, after, counted = _rows(COLUMNS, by, asked, seen, size)
    return Cases(case_rows(rows), counted, after, before)


def extent(by: Acting, asked: Asked, seen: Sight, size: int) -> tuple[int, str | None]:
    """How many cases such a page has, and where the next begins; nothing is decrypted."""
    rows, _before, after, _counted = _rows(select(Referral.id), by, asked, seen, size)
    return len(rows), after


def _rows(
    columns: Select, by: Acting, asked: Asked, seen: Sight, size: int
) -> tuple[Sequence[Any], str | None, str | None, int | None]:
    """The rows of a page, where the pages before and after it begin, and how many there are."""
    order = ORDERS[asked.sort]
    conditions = [*in_tab(asked.tab, by), *asked.conditions(by)]
    most = size + 1 if asked.cursor else max(size + 1, MOST_COUNTED)
    ids = db.session.scalars(first_ids(seen, conditions, order, asked.cursor, most)).all()
    keys = [column.label(f"key_{number}") for number, column in enumerate(order.columns)]
    found = columns.add_columns(*keys).where(Referral.id.in_(ids[: size + 1]))
    rows = db.session.execute(found.order_by(*in_order(order.columns, order.falling))).all()
    backwards = asked.cursor is not None and asked.cursor.backwards
    more = len(rows) > size
    rows = rows[-size:] if backwards else rows[:size]
    marks = [cursors.written(row[-len(keys) :]) for row in rows]
    after = marks[-1] if marks and (more or backwards) else None
    before = marks[0] if marks and (more if backwards else asked.cursor) else None
    return rows, before, after, None if asked.cursor else min(len(ids), MOST_COUNTED)


def count(seen: Sight, conditions: Conditions) -> int:
    """How many cases meet these conditions, `MOST_COUNTED` for so many or more."""
    found = together(seen, Referral.id, conditions, MOST_COUNTED)
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def waiting_for(services: Mapping[UUID, str]) -> list[tuple[str, int]]:
    """How many wait for each of these services, by name; who they are stays hidden till placed."""
    counted = db.session.execute(
        select(Referral.contract_area_id, func.count())
        .where(Referral.contract_area_id.in_(services), Referral.state == ReferralState.WAITING)
        .group_by(Referral.contract_area_id)
    )
    return sorted((services[each], number) for each, number in counted)
