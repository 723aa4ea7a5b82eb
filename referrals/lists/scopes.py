"""Where to look for the cases somebody may see, so that a page is found by an index.

`visible_to` alone decides what is seen and stands in every query of this room. It is an "or" of
several reasons, for which a database reads every case; each reason by itself has an index. So a
page is put together from the first rows of each reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, literal, select, tuple_, union
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.acting import Acting
from referrals.lists.cursors import Cursor
from referrals.lists.tabs import Order
from referrals.models import NamedPerson, Referral
from referrals.permissions import PROVIDERS, confirmed_units, partner_area_ids, visible_to

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Sight:
    """What somebody may see, and one condition for each reason for which they may.

    The `scopes` together leave out nothing that `visible` allows.
    """

    visible: ColumnElement[bool]
    scopes: Sequence[ColumnElement[bool]]


def sight(by: Acting) -> Sight:
    """What this person may see; of a provider one statement is read."""
    if not by.has(*PROVIDERS):
        return Sight(visible_to(by), _probation(by))
    areas = partner_area_ids(by)
    return Sight(visible_to(by, areas), _provider(by, areas))


def _provider(by: Acting, areas: Sequence[UUID]) -> list[ColumnElement[bool]]:
    led = Referral.provider_id == by.organisation_id
    return [led, Referral.contract_area_id.in_(areas)] if areas else [led]


def _probation(by: Acting) -> list[ColumnElement[bool]]:
    same = Referral.organisation_id == by.organisation_id
    named = select(NamedPerson.referral_id).where(NamedPerson.person_id == by.person_id)
    return [
        and_(same, Referral.owner_id == by.person_id),
        and_(same, Referral.deputy_id == by.person_id),
        and_(same, Referral.delivery_unit_code == confirmed_units(by).scalar_subquery()),
        and_(same, Referral.id.in_(named)),
    ]


def together(
    seen: Sight, column: InstrumentedAttribute[UUID], conditions: Conditions, most: int
) -> Subquery:
    """This column of the cases seen that meet the conditions, each value once; at most so many."""
    parts = [
        select(column).where(scope, seen.visible, *conditions).limit(most).subquery()
        for scope in seen.scopes
    ]
    return select(union(*(select(*part.c) for part in parts)).subquery()).limit(most).subquery()


def first_ids(
    seen: Sight, conditions: Conditions, order: Order, cursor: Cursor | None, most: int
) -> Select[tuple[UUID]]:
    """The ids of the first so many cases in this order, behind (or before) the cursor."""
    falling = order.falling != (cursor is not None and cursor.backwards)
    wanted = [*conditions, *_beyond(order, cursor, falling)]
    keys = [column.label(f"key_{number}") for number, column in enumerate(order.columns)]
    parts = [
        select(*keys, Referral.id.label("found_id"))
        .where(scope, seen.visible, *wanted)
        .order_by(*in_order(order.columns, falling))
        .limit(most)
        .subquery()
        for scope in seen.scopes
    ]
    found = union(*(select(*part.c) for part in parts)).subquery()
    again = in_order([found.c[key.name] for key in keys], falling)
    return select(found.c.found_id).order_by(*again).limit(most)


def _beyond(order: Order, cursor: Cursor | None, falling: bool) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    pairs = zip(cursor.values, order.columns, strict=True)
    columns = tuple_(*order.columns)
    values = tuple_(*(literal(value, column.type) for value, column in pairs))
    return [columns < values if falling else columns > values]


def in_order(columns: Sequence[Any], falling: bool) -> list[ColumnElement[Any]]:
    """These columns, for an ORDER BY."""
    return [column.desc() if falling else column.asc() for column in columns]
