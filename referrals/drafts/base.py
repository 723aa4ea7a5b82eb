"""What every question of a draft shares: its form's base, and what it may ask of the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, SelectChoice

YES_OR_NO = (SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No")))


def choices(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    """An enum's members as choices, with their words."""
    return [SelectChoice(str(value), label) for value, label in labels.items()]


@dataclass(frozen=True)
class Context:
    """What a question's form may ask of the draft it belongs to."""

    today: date
    answers: Mapping[str, Any]
    choices: Mapping[str, list[SelectChoice]] = field(default_factory=dict)


class QuestionForm(Form):
    """A page of the draft. `reveals` names, for a choice, the field shown beneath it."""

    reveals: ClassVar[dict[str, dict[str, str]]] = {}
    context: Context

    def prepare(self, context: Context) -> None:
        """Take in what the draft says and the choices that come from data."""
        self.context = context
        for name, offered in context.choices.items():
            if name in self:
                self[name].choices = offered

    @property
    def questions(self) -> list[Any]:
        """The fields in order, without the ones another field reveals."""
        revealed = {name for shown in self.reveals.values() for name in shown.values()}
        return [each for each in self if each.name not in revealed | {"csrf_token"}]

    def answer(self) -> dict[str, Any]:
        """What was answered, in plain values that can be stored."""
        return {each.name: _plain(each.data) for each in self if each.name != "csrf_token"}

    def require_revealed(self, radio: str, value: str, message: Any) -> bool:
        """With `value` chosen, the field it reveals must be filled in; else it is emptied."""
        revealed = self[self.reveals[radio][value]]
        if self[radio].data != value:
            revealed.data = None
            revealed.errors = []
            return True
        empty = revealed.data is None or not str(revealed.data).strip()
        if empty and not revealed.errors:
            revealed.errors = [str(message)]
        return not revealed.errors


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
