"""What a notice says, in words for its keepers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from lots.competition.vocabulary import CHANGE_KINDS
from lots.contracts.changes.models import CHANGE_KINDS as CONTRACT_CHANGES
from lots.notices.models import Notice
from lots.notices.schemas import FIELDS
from lots.shown import Names, names
from lots.vocabulary import END_REASONS, ROUTES
from marketplace.web.filters import shown_date, shown_datetime, shown_pounds


def rows(notice: Notice) -> list[tuple[Any, Any]]:
    """Every fact with its label, in the order of the labels."""
    known = names()
    return [
        (label, _shown(name, notice.facts[name], known))
        for name, label in FIELDS.items()
        if notice.facts.get(name) not in (None, "", [])
    ]


def _shown(name: str, said: Any, known: Names) -> Any:
    if name == "areas":
        return ", ".join(known.areas.get(each) or known.regions.get(each, each) for each in said)
    labels: dict[str, dict[Any, Any]] = {
        "service_code": known.services,
        "route": ROUTES,
        "end_reason": END_REASONS,
        "change": {
            str(kind): label for kind, label in (*CHANGE_KINDS.items(), *CONTRACT_CHANGES.items())
        },
    }
    if name in labels:
        return labels[name].get(said, said)
    for ending, show in ENDINGS.items():
        if name.endswith(ending):
            return show(said)
    return said


def _day(said: str) -> str:
    return shown_date(date.fromisoformat(said))


def _moment(said: str) -> str:
    return shown_datetime(datetime.fromisoformat(said))


ENDINGS: dict[str, Callable[[Any], Any]] = {
    "_pence": shown_pounds,
    "_at": _moment,
    "_until": _moment,
    "_on": _day,
    "_day": _day,
    "_from": _day,
}
