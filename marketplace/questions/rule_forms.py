"""The forms of questions that have a rule of their own: options that pass, a least number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.questions.forms import (
    ANY,
    JUDGED,
    MOST_OPTIONS,
    RULE,
    CheckedForm,
    QuestionForm,
    WordsForm,
)
from marketplace.questions.lifecycle import condition_values
from marketplace.questions.models import Question
from marketplace.questions.vocabulary import OF_OPTIONS, QuestionKind
from marketplace.web.fields import (
    CheckboxField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    TextField,
    WholeNumberField,
)

LEAST_ROWS = 4


class NumberForm(CheckedForm):
    """A question answered by a number."""

    check = RadioField(
        _l("Who decides whether the answer passes?"),
        [Required(_l("Select who decides whether the answer passes"))],
        choices=[
            SelectChoice(JUDGED, _l("A person reads and judges it")),
            SelectChoice(ANY, _l("Nobody: any answer passes")),
            SelectChoice(RULE, _l("The product: the number is large enough")),
        ],
    )
    least = WholeNumberField(_l("Least number that passes"))

    def validate_least(self, field: Any) -> None:
        """The rule needs its number."""
        if self.check.data == RULE and field.data is None:
            raise ValidationError(_("Enter the least number that passes"))

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the question holds."""
        super().fill(held)
        self.least.data = int(held["passes"][0]) if held["passes"] else None

    def values(self) -> dict[str, Any]:
        """What was typed."""
        ruled = {"passes": [str(self.least.data)]} if self.check.data == RULE else {}
        return super().values() | ruled


class OptionsForm(CheckedForm):
    """A question of options; the rows are `option_1`, `option_1_cy`, `passes_1` and so on."""

    check = RadioField(
        _l("Who decides whether the answer passes?"),
        [Required(_l("Select who decides whether the answer passes"))],
        choices=[
            SelectChoice(JUDGED, _l("A person reads and judges it")),
            SelectChoice(ANY, _l("Nobody: any answer passes")),
            SelectChoice(RULE, _l("The product: by the options marked above")),
        ],
    )
    held_values: dict[str, str] = {}

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The (label, Welsh label, passes) fields in order."""
        return [
            (self[f"option_{number}"], self[f"option_{number}_cy"], self[f"passes_{number}"])
            for number in range(1, MOST_OPTIONS + 1)
        ]

    def shown_rows(self) -> list[tuple[Any, Any, Any]]:
        """The rows with something in them, and two more."""
        filled = [number for number, row in enumerate(self.rows(), 1) if any(f.data for f in row)]
        return self.rows()[: max([LEAST_ROWS, *(number + 2 for number in filled)])]

    def validate_option_1(self, field: Any) -> None:
        """At least two options, no two alike; a rule marks at least one of them."""
        given = [label.data for label, _welsh, _passes in self.rows() if label.data]
        if len(given) < 2:
            raise ValidationError(_("Enter at least two options"))
        if len({_value(each) for each in given}) < len(given):
            raise ValidationError(_("Two options are the same. Change one of them"))
        marked = any(passes.data and label.data for label, _welsh, passes in self.rows())
        if self.check.data == RULE and not marked:
            raise ValidationError(_("Mark at least one option that passes"))

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the question holds."""
        super().fill(held)
        self.keep_values(held)
        for (label, welsh, passes), option in zip(self.rows(), held["options"], strict=False):
            label.data, welsh.data = option["label"], option.get("label_cy", "")
            passes.data = option["value"] in (held["passes"] or ())

    def keep_values(self, held: dict[str, Any]) -> None:
        """An option whose words stay keeps its value, so that answers to it can be carried on."""
        self.held_values = {each["label"]: each["value"] for each in held["options"]}

    def values(self) -> dict[str, Any]:
        """What was typed; a new option's value is made of its words."""
        options, passing = [], []
        for label, welsh, passes in self.rows():
            if label.data:
                value = self.held_values.get(label.data) or _value(label.data)
                options.append({"value": value, "label": label.data, "label_cy": welsh.data or ""})
                if passes.data:
                    passing.append(value)
        ruled = {"passes": passing} if self.check.data == RULE else {}
        return super().values() | {"options": options} | ruled


def _value(label: str) -> str:
    """An option's value from its words: small letters, figures and hyphens."""
    return ("o-" + "-".join(re.findall(r"\w+", label.lower())))[:60]


for _number in range(1, MOST_OPTIONS + 1):
    _row = {"number": _number}
    setattr(OptionsForm, f"option_{_number}", TextField(_l("Option %(number)s", **_row)))
    setattr(
        OptionsForm, f"option_{_number}_cy", TextField(_l("Option %(number)s in Welsh", **_row))
    )
    setattr(OptionsForm, f"passes_{_number}", CheckboxField(_l("Option %(number)s passes", **_row)))


def question_form(kind: QuestionKind, sources: Iterable[Question], new: bool) -> type[QuestionForm]:
    """The form of a question of this kind, which may depend on these earlier questions."""
    parts: dict[QuestionKind, type[QuestionForm]] = {
        QuestionKind.CONFIRM: QuestionForm,
        QuestionKind.WORDS: WordsForm,
        QuestionKind.NUMBER: NumberForm,
    }
    base = OptionsForm if kind in OF_OPTIONS else parts.get(kind, CheckedForm)
    depends = [each for each in sources if condition_values(each)]
    facts = {"kind": kind, "sources": depends}
    return type("TypedQuestionForm", (base, OnceForm) if new else (base,), facts)
