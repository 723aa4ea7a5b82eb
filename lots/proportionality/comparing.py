"""What one version of the policy changes against another, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from lots.proportionality.actions import caps_of, levels_of, numbers_of
from lots.proportionality.forms import NumbersForm
from lots.proportionality.models import MarketPolicy
from lots.proportionality.vocabulary import RULES, RuleCode
from lots.vocabulary import LEVELS, ROUTES
from marketplace.web.filters import shown_pounds


@dataclass(frozen=True)
class Change:
    """One thing that differs between two versions."""

    what: Any
    before: Any
    after: Any


def compared(before: MarketPolicy, after: MarketPolicy) -> list[Change]:
    """Every difference: numbers, levels of rules, caps."""
    return [*_numbers(before, after), *_levels(before, after), *_caps(before, after)]


def _numbers(before: MarketPolicy, after: MarketPolicy) -> Iterator[Change]:
    old = NumbersForm(formdata=None, data=numbers_of(before), meta={"csrf": False})
    new = NumbersForm(formdata=None, data=numbers_of(after), meta={"csrf": False})
    for name in new.values():
        if old[name].data != new[name].data:
            yield Change(new[name].label.text, shown_number(old[name]), shown_number(new[name]))


def shown_number(field: Any) -> str:
    """A number of the policy as it is read: money with its sign."""
    return shown_pounds(field.data) if field.shape == "money" else f"{field.data:,}"


def _levels(before: MarketPolicy, after: MarketPolicy) -> Iterator[Change]:
    old, new = levels_of(before), levels_of(after)
    for code in new:
        if old.get(code) != new[code]:
            was = LEVELS[old[code]] if code in old else _("not there")
            yield Change(RULES[RuleCode(code)], was, LEVELS[new[code]])


def _caps(before: MarketPolicy, after: MarketPolicy) -> Iterator[Change]:
    old, new = caps_of(before), caps_of(after)
    for place in range(max(len(old), len(new))):
        was = old[place] if place < len(old) else None
        now = new[place] if place < len(new) else None
        if was != now:
            yield Change(
                _("Caps, row %(number)s", number=place + 1), _in_words(was), _in_words(now)
            )


def _in_words(row: tuple[Any, ...] | None) -> str:
    if row is None:
        return _("no such row")
    route, under, questions, words = row
    who = ROUTES[route] if route else _("Grant or contract")
    limit = _("under %(amount)s", amount=shown_pounds(under)) if under else _("of every value")
    return _(
        "%(who)s %(limit)s: %(questions)s questions, %(words)s words",
        who=who,
        limit=limit,
        questions=questions,
        words=f"{words:,}",
    )
