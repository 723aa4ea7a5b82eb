"""What every question of a draft shares: its form's base, and what it may ask of the draft."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.acting import Acting
from marketplace.web.fields import Form, SelectChoice

YES_OR_NO = (SelectChoice("yes", _l("Yes")), SelectChoice("no", _l("No")))
NONE_OF_THESE = "none"
PHONE = re.compile(r"\+?[\d ()\-]{6,40}", re.ASCII)


def choices(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    """An enum's members as choices, with their words."""
    return [SelectChoice(str(value), label) for value, label in labels.items()]


def choices_or_none(labels: Mapping[Any, Any]) -> list[SelectChoice]:
    """The same for checkboxes, with “None of these”, so that nothing ticked is no answer."""
    return [*choices(labels), SelectChoice(NONE_OF_THESE, _l("None of these"))]


def alone(form: Any, entered: Any) -> None:
    """A validator: “None of these” goes with nothing else."""
    if NONE_OF_THESE in entered.data and len(entered.data) > 1:
        raise ValidationError(_("Select what applies, or “None of these”"))


def is_phone(form: Any, entered: Any) -> None:
    """A validator: a number that can be dialled."""
    if entered.data and not PHONE.fullmatch(entered.data):
        raise ValidationError(_("Enter a phone number, like 01632 960 001"))


@dataclass(frozen=True)
class Context:
    """What a question's form may ask of the draft it belongs to."""

    today: date
    answers: Mapping[str, Any]
    by: Acting
    choices: Mapping[str, list[SelectChoice]] = field(default_factory=dict)


class QuestionForm(Form):
    """A page of the draft. `reveals` names, for a choice, the field shown beneath it.

    `worded` are fields of codes from data: the word chosen is stored beside the code, because the
    referral keeps the word that was true when it was sent.
    """

    reveals: ClassVar[dict[str, dict[str, str]]] = {}
    worded: ClassVar[tuple[str, ...]] = ()
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
        plain = {each.name: _plain(each.data) for each in self if each.name != "csrf_token"}
        return plain | {f"{name}_name": self._word(name) for name in self.worded}

    def _word(self, name: str) -> str | None:
        words = {str(each.value): str(each.label) for each in self[name].choices}
        return words.get(self[name].data) if self[name].data else None

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
