"""The forms of the question bank. A question's form has what its kind needs and no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.clock import today
from marketplace.questions.lifecycle import condition_values
from marketplace.questions.models import Question
from marketplace.questions.vocabulary import (
    CODE,
    QUESTION_KINDS,
    READERS,
    QuestionKind,
)
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
    WholeNumberField,
    Words,
)

MOST_OPTIONS = 8
JUDGED, ANY, RULE = "judged", "any", "rule"
TEXT_NAMES = ("text", "guidance", "why", "risk")
OWN_FIELDS = ("seen", "once", "csrf_token")


class PurposeForm(OnceForm):
    """What a new draft is for."""

    purpose = SelectField(
        _l("Which set do you want to change?"), [Required(_l("Select the set to change"))]
    )

    def offer(self, purposes: Iterable[tuple[str, Any]]) -> PurposeForm:
        """Offer these purposes."""
        self.purpose.choices = [SelectChoice(value, label) for value, label in purposes]
        return self


class TitleForm(Form):
    """A set's title in both languages."""

    seen = HiddenField()
    title = TextField(_l("Title"), [Required(_l("Enter a title"))])
    title_cy = TextField(_l("Title in Welsh"))

    def values(self) -> dict[str, Any]:
        """What was typed."""
        return {"title": self.title.data, "title_cy": self.title_cy.data or ""}

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the draft holds."""
        self.title.data, self.title_cy.data = held["title"], held["title_cy"]


class KindForm(Form):
    """How the question to be added is answered."""

    kind = RadioField(
        _l("How is the question answered?"),
        [Required(_l("Select how the question is answered"))],
        choices=[SelectChoice(kind.value, label) for kind, label in QUESTION_KINDS.items()],
    )


class PublishForm(Form):
    """From when a version is in force."""

    seen = HiddenField()
    valid_from = DateField(
        _l("From which day is it in force?"),
        [Required(_l("Enter the day from which it is in force"))],
        called=_l("First day"),
        description=_l("Today or later. What is being answered already keeps its own version."),
    )

    def validate_valid_from(self, field: Any) -> None:
        """Today or later."""
        if field.data and field.data < today():
            raise ValidationError(_("First day must be today or later"))


class SeenForm(Form):
    """A button that says what its page looked like."""

    seen = HiddenField()


class QuestionForm(Form):
    """What every question has."""

    seen = HiddenField()
    text = LongTextField(_l("Question"), [Required(_l("Enter the question")), Words(60)])
    text_cy = LongTextField(_l("Question in Welsh"), [Words(80)])
    guidance = LongTextField(_l("Guidance"), [Words(80)], description=_l("Shown below it."))
    guidance_cy = LongTextField(_l("Guidance in Welsh"), [Words(100)])
    why = LongTextField(_l("Why is it asked?"), [Words(60)], description=_l("Shown below it."))
    why_cy = LongTextField(_l("Why is it asked? In Welsh"), [Words(80)])
    risk = LongTextField(
        _l("Which risk does it control?"),
        [Words(40)],
        description=_l("A question that controls no risk need not be asked."),
    )
    risk_cy = LongTextField(_l("Which risk does it control? In Welsh"), [Words(60)])
    readers = CheckboxesField(_l("Who reads the answer?"))
    concept = TextField(
        _l("Concept"),
        [Required(_l("Enter the concept"))],
        longest=60,
        description=_l(
            "What the answer is about, in one or two words, like safeguarding. An answer is "
            "offered again wherever the same concept is asked."
        ),
    )
    needed = CheckboxField(_l("It must be answered"), default=True)
    legal = CheckboxField(_l("It is a legal confirmation: it is never filled in for anybody"))
    only_if = CheckboxesField(
        _l("Ask it only after one of these answers"),
        description=_l("Select none to ask everybody. Select answers to one question only."),
    )
    kind = QuestionKind.WORDS
    sources: Sequence[Question] = ()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.readers.choices = [SelectChoice(each.value, label) for each, label in READERS.items()]
        self.only_if.choices = [
            SelectChoice(f"{each.concept}={value}", f"{each.asked} — {label}")
            for each in self.sources
            for value, label in condition_values(each).items()
        ]

    def validate_concept(self, field: Any) -> None:
        """A concept is written in one way only, so that answers find one another."""
        field.data = "-".join(re.findall(r"[a-z0-9]+", (field.data or "").lower()))
        if not CODE.fullmatch(field.data):
            raise ValidationError(
                _("Concept must start with a letter and be made of English letters and figures")
            )

    def validate_only_if(self, field: Any) -> None:
        """A condition looks at one question."""
        if len({each.partition("=")[0] for each in field.data or ()}) > 1:
            raise ValidationError(_("Select answers to one question only"))

    def fill(self, held: dict[str, Any]) -> None:
        """Show what a question holds."""
        for name in (*TEXT_NAMES, *(f"{name}_cy" for name in TEXT_NAMES), "concept"):
            self[name].data = held[name]
        self.readers.data = held["readers"]
        self.needed.data, self.legal.data = held["needed"], held["legal"]
        self.only_if.data = [f"{held['only_if_concept']}={each}" for each in held["only_if_values"]]

    def values(self) -> dict[str, Any]:
        """What was typed, as a question's columns."""
        source = (self.only_if.data or [""])[0].partition("=")[0]
        texts = {name: self[name].data or "" for name in TEXT_NAMES}
        welsh = {f"{name}_cy": self[f"{name}_cy"].data or "" for name in TEXT_NAMES}
        return {
            **texts,
            **welsh,
            "kind": self.kind,
            "concept": self.concept.data,
            "readers": list(self.readers.data or []),
            "needed": bool(self.needed.data),
            "legal": bool(self.legal.data),
            "only_if_concept": source or None,
            "only_if_values": [each.partition("=")[2] for each in self.only_if.data or ()],
            "most_words": None,
            "options": [],
            "passes": ["yes"] if self.kind is QuestionKind.CONFIRM else None,
        }


class CheckedForm(QuestionForm):
    """A question whose answer is judged by a person, or passes by itself."""

    check = RadioField(
        _l("Who decides whether the answer passes?"),
        [Required(_l("Select who decides whether the answer passes"))],
        choices=[
            SelectChoice(JUDGED, _l("A person reads and judges it")),
            SelectChoice(ANY, _l("Nobody: any answer passes")),
        ],
    )

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the question holds."""
        super().fill(held)
        passes = held["passes"]
        self.check.data = JUDGED if passes is None else RULE if passes else ANY

    def values(self) -> dict[str, Any]:
        """What was typed."""
        return super().values() | {"passes": None if self.check.data == JUDGED else []}


class WordsForm(CheckedForm):
    """A question answered in words."""

    most_words = WholeNumberField(
        _l("Most words of an answer"), [Required(_l("Enter a word limit"))], least=10, most=2_000
    )

    def fill(self, held: dict[str, Any]) -> None:
        """Show what the question holds."""
        super().fill(held)
        self.most_words.data = held["most_words"]

    def values(self) -> dict[str, Any]:
        """What was typed."""
        return super().values() | {"most_words": self.most_words.data}
