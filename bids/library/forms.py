"""Reading answers that were taken over: each with its text and one box to tick."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from bids.library.actions import Read
from bids.models import BidAnswer
from bids.working import edition_of, fits, longest
from lots.models import LotQuestion
from marketplace.web.fields import CheckboxField, Form, HiddenField, LongTextField, TextField, Words

LONGEST_SEARCH = 100


class ReviewForm(Form):
    """Fields named by the question's number: text_1, edition_1, read_1."""

    def fields_of(self, question: LotQuestion) -> tuple[Field, Field, Field]:
        """Text, edition and box of one question."""
        number = question.position
        return self[f"text_{number}"], self[f"edition_{number}"], self[f"read_{number}"]

    def given(self, question: LotQuestion) -> Read:
        """What was made of one answer."""
        text, edition, read = self.fields_of(question)
        return Read(text.data or "", edition_of(self, edition.name), bool(read.data))

    def fits(self, question: LotQuestion) -> bool:
        """Whether the text can be kept at all."""
        text, _edition, _read = self.fields_of(question)
        return fits(question, text.data or "")


def review_form(asked: Iterable[tuple[LotQuestion, BidAnswer]]) -> ReviewForm:
    """The form for these questions, filled with their answers as they stand."""

    class AnswersForm(ReviewForm):
        pass

    data: dict[str, Any] = {}
    for question, answer in asked:
        number = question.position
        words = Words(question.word_limit)
        text = LongTextField(
            _("Your answer to question %(number)s", number=number),
            [words],
            longest=longest(question),
        )
        setattr(AnswersForm, f"text_{number}", text)
        setattr(AnswersForm, f"edition_{number}", HiddenField())
        box = CheckboxField(_l("I have read it; it answers this question"))
        setattr(AnswersForm, f"read_{number}", box)
        data |= {f"text_{number}": answer.text, f"edition_{number}": str(answer.edition)}
    return AnswersForm(data=data)


class SearchForm(Form):
    """Words to look for; it changes nothing, so it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    words = TextField(_l("Search our answers"), longest=LONGEST_SEARCH)
