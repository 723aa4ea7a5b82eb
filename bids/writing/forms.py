"""One answer."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from lots.models import LotQuestion
from marketplace.web.fields import Form, HiddenField, LongTextField, Words

LETTERS_A_WORD = 15
LEAST_LETTERS = 10_000


def longest(question: LotQuestion) -> int:
    """How many characters an answer may have, so that the word limit is what counts."""
    return max(LEAST_LETTERS, LETTERS_A_WORD * question.word_limit)


def answer_form(question: LotQuestion, **data: Any) -> Form:
    """One answer, its words counted as the check counts them."""

    class AnswerForm(Form):
        text = LongTextField(
            question.text,
            [Words(question.word_limit)],
            called=_l("Your answer"),
            longest=longest(question),
        )
        edition = HiddenField(default="0")

    return AnswerForm(data=data)
