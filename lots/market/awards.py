"""Read a file of published awards: every line is checked before any is used.

The counting rule is section 10 of the domain: a line is one contract for each combination of its
areas and cohorts; with no area it covers its region, with no cohort everybody.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from lots.contracts.models import ValueKind
from marketplace.money import parse_pounds

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AWARD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
LONGEST_NAME = 200
MOST_MONTHS = 600
VOLUNTARY = "vcse"
PROVIDER_KINDS = (VOLUNTARY, "company")


@dataclass(frozen=True)
class BadLine:
    """What is wrong in one place of the file; `line` counts from 1, the heading's line."""

    line: int
    column: str
    expected: str

    def __str__(self) -> str:
        return _(
            "line %(line)s, %(column)s: %(expected)s",
            line=self.line,
            column=self.column,
            expected=self.expected,
        )


class BadAwardsFile(Exception):
    """The file is refused whole; `problems` names every bad line."""

    def __init__(self, problems: Sequence[BadLine]):
        super().__init__("\n".join(map(str, problems)))
        self.problems = list(problems)


class Unexpected(ValueError):
    """A value that is not what its column expects; the text says what that is."""


@dataclass(frozen=True)
class Known:
    """The codes a file may use; `areas` maps each PCC area to its region."""

    regions: frozenset[str]
    areas: Mapping[str, str]
    services: frozenset[str]
    cohorts: frozenset[str]


@dataclass(frozen=True)
class AwardLine:
    """One published award line; money in pence, dates are first and last days."""

    award: str
    region_code: str
    service: str
    lead_provider: str
    is_voluntary: bool
    value_pence: int
    pcc_areas: tuple[str, ...]
    ends_early: Mapping[str, date]
    start_date: date
    end_date: date
    subject_to_contract: bool
    cohorts: tuple[str, ...]
    value_term_months: int
    value_kind: ValueKind


def read_awards(path: Path, known: Known) -> list[AwardLine]:
    """Every line of the file, checked. Raises BadAwardsFile naming each bad line."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            problems = _heading_problems(reader.fieldnames or [])
            if problems:
                raise BadAwardsFile(problems)
            rows = [(reader.line_num, row) for row in reader]
    except UnicodeDecodeError as error:
        raise BadAwardsFile([BadLine(1, _("whole file"), _("expected UTF-8 text"))]) from error
    except csv.Error as error:
        text = _("expected comma-separated values, with quotes closed")
        raise BadAwardsFile([BadLine(reader.line_num, _("whole line"), text)]) from error
    return _checked(rows, known)


def _checked(rows: list[tuple[int, dict[str, Any]]], known: Known) -> list[AwardLine]:
    lines: list[AwardLine] = []
    problems: list[BadLine] = []
    seen: dict[str, int] = {}
    kinds: dict[str, bool] = {}
    for number, row in rows:
        line, wrong = _read_row(number, row, known)
        if line is not None:
            wrong = _line_problems(number, line, known) + _repeats(number, line, seen, kinds)
            lines.append(line)
        problems += wrong
    if not rows:
        problems.append(BadLine(2, _("whole file"), _("expected at least one award line")))
    if problems:
        raise BadAwardsFile(problems)
    return lines


def _heading_problems(columns: Sequence[str]) -> list[BadLine]:
    wanted = list(COLUMNS)
    missing = [
        BadLine(1, name, _("expected this column in the heading"))
        for name in wanted
        if name not in columns
    ]
    unknown = [
        BadLine(1, name or _("empty name"), _("not expected; take this column out"))
        for place, name in enumerate(columns)
        if name not in wanted or name in columns[:place]
    ]
    return missing + unknown


def _read_row(
    number: int, row: dict[str, Any], known: Known
) -> tuple[AwardLine | None, list[BadLine]]:
    extra, short = None in row, None in row.values()
    if extra or short:
        text = _("expected %(count)s values, separated by commas", count=len(COLUMNS))
        return None, [BadLine(number, _("whole line"), text)]
    values, problems = {}, []
    for column, (name, read) in COLUMNS.items():
        try:
            values[name] = read(row[column].strip(), known)
        except Unexpected as error:
            problems.append(BadLine(number, column, str(error)))
    return (None if problems else AwardLine(**values)), problems


def _line_problems(number: int, line: AwardLine, known: Known) -> list[BadLine]:
    problems = []
    outside = [area for area in line.pcc_areas if known.areas[area] != line.region_code]
    if outside:
        text = _(
            "expected areas of region %(region)s, not %(areas)s",
            region=line.region_code,
            areas=", ".join(outside),
        )
        problems.append(BadLine(number, "pcc_areas", text))
    if line.end_date < line.start_date:
        problems.append(BadLine(number, "end_date", _("expected a date not before start_date")))
    if not set(line.ends_early) <= set(line.pcc_areas):
        problems.append(BadLine(number, "ends_early", _("expected only areas of pcc_areas")))
    if not all(line.start_date <= day <= line.end_date for day in line.ends_early.values()):
        text = _("expected dates from start_date to end_date")
        problems.append(BadLine(number, "ends_early", text))
    return problems


def _repeats(
    number: int, line: AwardLine, seen: dict[str, int], kinds: dict[str, bool]
) -> list[BadLine]:
    problems = []
    first = seen.setdefault(line.award, number)
    if first != number:
        text = _("expected each award once; it stands in line %(first)s already", first=first)
        problems.append(BadLine(number, "award", text))
    if kinds.setdefault(line.lead_provider, line.is_voluntary) != line.is_voluntary:
        text = _("expected the same kind as in this provider's earlier lines")
        problems.append(BadLine(number, "lead_provider_kind", text))
    return problems


def _award(text: str, known: Known) -> str:
    if not AWARD.fullmatch(text):
        raise Unexpected(_("expected 1 to 20 letters, digits and hyphens, like D1-001"))
    return text


def _provider(text: str, known: Known) -> str:
    if not text or len(text) > LONGEST_NAME:
        raise Unexpected(_("expected a name of 1 to %(most)s characters", most=LONGEST_NAME))
    return text


def _kind(text: str, known: Known) -> bool:
    return _one_of(text, PROVIDER_KINDS) == VOLUNTARY


def _value(text: str, known: Known) -> int:
    try:
        return parse_pounds(text)
    except ValueError as error:
        raise Unexpected(_("expected an amount in pounds, like 544992 or 544992.50")) from error


def _areas(text: str, known: Known) -> tuple[str, ...]:
    return _list_of(text, known.areas, _("PCC area"))


def _cohorts(text: str, known: Known) -> tuple[str, ...]:
    return _list_of(text, known.cohorts, _("cohort"))


def _early(text: str, known: Known) -> dict[str, date]:
    pairs = [part.partition("=") for part in text.split(";")] if text else []
    if any(not equals for _area, equals, _day in pairs):
        raise Unexpected(_("expected area=YYYY-MM-DD, several separated by semicolons"))
    _list_of(";".join(area for area, _equals, _day in pairs), known.areas, _("PCC area"))
    return {area: _day_of(day, known) for area, _equals, day in pairs}


def _day_of(text: str, known: Known) -> date:
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Unexpected(_("expected a date that exists, written YYYY-MM-DD"))


def _yes_or_nothing(text: str, known: Known) -> bool:
    return _one_of(text, ("yes", "")) == "yes"


def _months(text: str, known: Known) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST_MONTHS:
        raise Unexpected(_("expected a whole number of months, 1 to %(most)s", most=MOST_MONTHS))
    return int(text)


def _value_kind(text: str, known: Known) -> ValueKind:
    return ValueKind(_one_of(text, tuple(ValueKind)))


def _one_of(text: str, choices: Sequence[str]) -> str:
    if text not in choices:
        shown = ", ".join(choice or _("nothing") for choice in sorted(choices))
        raise Unexpected(_("expected one of: %(choices)s", choices=shown))
    return text


def _list_of(text: str, codes: Any, kind: str) -> tuple[str, ...]:
    parts = tuple(text.split(";")) if text else ()
    unknown = [part for part in parts if part not in codes]
    if unknown:
        raise Unexpected(
            _("expected known codes; no %(kind)s %(codes)s", kind=kind, codes=", ".join(unknown))
        )
    if len(set(parts)) < len(parts):
        raise Unexpected(_("expected each code once"))
    return parts


# Each column of the file: the field it becomes, and how it is read.
COLUMNS: dict[str, tuple[str, Callable[[str, Known], Any]]] = {
    "award": ("award", _award),
    "region_code": ("region_code", lambda text, known: _one_of(text, tuple(known.regions))),
    "service": ("service", lambda text, known: _one_of(text, tuple(known.services))),
    "lead_provider": ("lead_provider", _provider),
    "lead_provider_kind": ("is_voluntary", _kind),
    "value_gbp": ("value_pence", _value),
    "pcc_areas": ("pcc_areas", _areas),
    "ends_early": ("ends_early", _early),
    "start_date": ("start_date", _day_of),
    "end_date": ("end_date", _day_of),
    "subject_to_contract": ("subject_to_contract", _yes_or_nothing),
    "cohorts": ("cohorts", _cohorts),
    "value_term_months": ("value_term_months", _months),
    "value_kind": ("value_kind", _value_kind),
}
