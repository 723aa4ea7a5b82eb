"""A draft's pages: what each holds, and saving one so that neither of two editors loses words."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _

from lots.models import Lot, LotArea, LotCriterion
from lots.vocabulary import Task
from marketplace.database import db
from marketplace.lifecycle import Refusal

COLUMNS: dict[Task, tuple[str, ...]] = {
    Task.SERVICE: ("title", "summary", "service_code", "cohort", "min_age", "max_age"),
    Task.AREAS: ("whole_region_reason",),
    Task.VALUE: (
        "route",
        "contract_reason",
        "value_net_pence",
        "value_gross_pence",
        "term_months",
        "price_basis",
        "expected_starts",
    ),
    Task.CRITERIA: ("price_weight", "tie_rule"),
    Task.DATES: ("opens_on", "closes_at", "starts_on"),
}


class Overtaken(Refusal):
    """Somebody else saved the same page after this person had opened it."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else saved this page after you opened it. What you typed is still below "
                "and has not been saved. Compare it with what they saved, shown above the form, "
                "then save again to replace theirs with yours."
            )
        )


def values_of(lot: Lot, task: Task) -> dict[str, Any]:
    """What one page of the draft holds, its rows as tuples."""
    values = {name: getattr(lot, name) for name in COLUMNS[task]}
    if task is Task.AREAS:
        values["areas"] = [(each.region_code, each.area_code, each.places) for each in lot.areas]
    if task is Task.CRITERIA:
        values["criteria"] = [(each.position, each.name, each.weight) for each in lot.criteria]
    return values


def fingerprint(values: dict[str, Any]) -> str:
    """Says whether a page has changed since it was opened."""
    text = json.dumps(values, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:32]


def put(lot: Lot, task: Task, values: dict[str, Any], seen: str) -> list[str]:
    """Put a page's values into the draft and name the fields that changed.

    `seen` is the fingerprint of what the editor was shown. Raises Overtaken where the page holds
    something else by now, and Refusal where a criterion with questions would go.
    """
    held = values_of(lot, task)
    if fingerprint(held) != seen:
        raise Overtaken()
    changed = [name for name in values if values[name] != held[name]]
    for name in COLUMNS[task]:
        setattr(lot, name, values[name])
    if "areas" in changed:
        _put_areas(lot, values["areas"])
    if "criteria" in changed:
        _put_criteria(lot, values["criteria"])
    db.session.flush()
    return changed


def _put_areas(lot: Lot, rows: list[tuple[str, str | None, int]]) -> None:
    held = {(area.region_code, area.area_code): area for area in lot.areas}
    kept = []
    for region_code, area_code, places in rows:
        area = held.get((region_code, area_code)) or LotArea(
            region_code=region_code, area_code=area_code
        )
        area.places = places
        kept.append(area)
    lot.areas[:] = kept


def _put_criteria(lot: Lot, rows: list[tuple[int, str, int]]) -> None:
    held = {criterion.position: criterion for criterion in lot.criteria}
    gone = held.keys() - {position for position, _name, _weight in rows}
    asked = {question.criterion_id for question in lot.questions}
    for position in gone:
        if held[position].id in asked:
            raise Refusal(
                _(
                    "A question is judged under “%(criterion)s”. Move or remove the question "
                    "first, then the criterion.",
                    criterion=held[position].name,
                )
            )
    kept = []
    for position, name, weight in rows:
        criterion = held.get(position) or LotCriterion(position=position)
        criterion.name, criterion.weight = name, weight
        kept.append(criterion)
    lot.criteria[:] = kept
