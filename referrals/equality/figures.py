"""The figures as they may be shown: groups of fewer than five people are left out.

Where one group alone would be hidden, the next smallest is hidden with it, so that nobody can
work it out from the others (domain, section 8: small numbers suppressed).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from marketplace.acting import Acting, OrganisationKind
from marketplace.areas.queries import region_names
from marketplace.database import db
from marketplace.permissions import NotYours, check
from referrals.equality.models import EqualityAnswer, EqualityFigure
from referrals.equality.permissions import EqualityPermission
from referrals.equality.vocabulary import CHARACTERISTICS, GROUPS, Characteristic
from referrals.services.models import FEWEST_PEOPLE


@dataclass(frozen=True)
class Shown:
    """One group; every number is None where it is not shown."""

    label: Any
    people: int | None
    started: int | None = None
    wait_days: int | None = None
    declined: int | None = None
    completed: int | None = None


@dataclass(frozen=True)
class Table:
    """One characteristic with its groups."""

    label: Any
    groups: Sequence[Shown]


@dataclass(frozen=True)
class Figures:
    """All characteristics of a region, and the day on which all regions were counted.

    `has_answers`: somebody, in whichever region, has answered.
    """

    counted_on: date | None
    tables: Sequence[Table]
    has_answers: bool = False


def figures_of(region_code: str, by: Acting) -> Figures:
    """The figures of a region; three statements. Raises Refused, NotYours for another's region."""
    check(by, EqualityPermission.SEE_FIGURES)
    if region_code not in regions_of(by):
        raise NotYours()
    rows = db.session.scalars(
        select(EqualityFigure).where(EqualityFigure.region_code == region_code)
    ).all()
    found = {(row.characteristic, row.group_code): row for row in rows}
    tables = [
        Table(CHARACTERISTICS[each], _groups(each, found))
        for each in GROUPS
        if any((each, group) in found for group in GROUPS[each])
    ]
    counted_on = db.session.scalar(select(func.max(EqualityFigure.counted_on)))
    has_answers = db.session.scalar(select(EqualityAnswer.id).limit(1)) is not None
    return Figures(counted_on, tables, has_answers)


def regions_of(by: Acting) -> dict[str, str]:
    """The regions whose figures this person may read: their own, or nationally every one."""
    names = region_names()
    if by.organisation_kind == OrganisationKind.NATIONAL:
        return names
    return {code: name for code, name in names.items() if code == by.region_code}


def _groups(
    characteristic: Characteristic, found: dict[tuple[str, str], EqualityFigure]
) -> list[Shown]:
    labels = GROUPS[characteristic]
    rows = {group: found.get((characteristic, group)) for group in labels}
    hidden = hidden_groups({group: row.people for group, row in rows.items() if row})
    return [_shown(labels[group], row, group in hidden) for group, row in rows.items() if row]


def hidden_groups(people: dict[str, int]) -> set[str]:
    """The groups too small to show, and one more where a single one could be worked out."""
    hidden = {group for group, count in people.items() if count < FEWEST_PEOPLE}
    rest = {group: count for group, count in people.items() if group not in hidden}
    if len(hidden) == 1 and rest:
        hidden.add(min(rest, key=lambda group: (rest[group], group)))
    return hidden


def _shown(label: Any, row: EqualityFigure, is_hidden: bool) -> Shown:
    if is_hidden:
        return Shown(label, None)
    return Shown(
        label,
        row.people,
        _share(row.started, row.people),
        row.wait_days if row.started >= FEWEST_PEOPLE else None,
        _share(row.declined, row.people),
        _share(row.completed, row.ended),
    )


def _share(part: int, whole: int) -> int | None:
    """A percentage; None where it would be of fewer than five people, or tell of fewer."""
    return round(100 * part / whole) if part >= FEWEST_PEOPLE else None
