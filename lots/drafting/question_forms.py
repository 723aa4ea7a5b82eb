"""A question to every bidder as a form, and what the bank of questions puts into it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from lots.drafting.forms import PageForm
from lots.models import Lot
from marketplace.questions.models import Question
from marketplace.questions.vocabulary import CODE
from marketplace.web.fields import (
    HiddenField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    WholeNumberField,
    Words,
)

WORD_LIMIT = 300


class QuestionForm(PageForm):
    """One question to every bidder."""

    text = LongTextField(_l("Question"), [Required(_l("Enter the question")), Words(150)])
    guidance = LongTextField(
        _l("What a good answer covers"),
        [Words(150)],
        description=_l("Bidders see this below the question."),
    )
    word_limit = WholeNumberField(
        _l("Most words of an answer"), [Required(_l("Enter a word limit"))], least=25, most=5_000
    )
    criterion_id = RadioField(
        _l("Under which criterion is it judged?"), [Required(_l("Select a criterion"))]
    )
    risk = LongTextField(
        _l("What could go wrong if you did not ask?"),
        [Words(60)],
        description=_l("Bidders see this: it tells them what worries you."),
    )
    why = LongTextField(_l("Why is it asked, and who reads the answer?"), [Words(60)])
    concept = HiddenField()

    def offer(self, lot: Lot) -> None:
        """Offer the lot's criteria."""
        self.criterion_id.choices = [SelectChoice(str(each.id), each.name) for each in lot.criteria]

    def fill(self, held: dict[str, Any]) -> None:
        """Show the question."""
        super().fill(held | {"criterion_id": str(held.get("criterion_id", ""))})

    def values(self) -> dict[str, Any]:
        """The question's values; a concept that could be none is dropped."""
        concept = self.concept.data or ""
        return super().values() | {
            "criterion_id": UUID(self.criterion_id.data),
            "concept": concept if CODE.fullmatch(concept) else "",
        }


class NewQuestionForm(QuestionForm, OnceForm):
    """A question more."""


def from_bank(question: Question) -> dict[str, Any]:
    """What a question of the bank puts into the form, in the reader's language."""
    return {
        "text": question.asked,
        "guidance": question.help,
        "word_limit": question.most_words or WORD_LIMIT,
        "risk": question.controls,
        "why": question.reason,
        "concept": question.concept,
    }
