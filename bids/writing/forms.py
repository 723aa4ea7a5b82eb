"""One answer, the comments beside it, and who sees to which part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bids.working import longest
from lots.models import LotQuestion
from marketplace.accounts.models import Person
from marketplace.web.fields import (
    Form,
    HiddenField,
    LongTextField,
    OnceForm,
    Required,
    SelectChoice,
    SelectField,
    Words,
)

LONGEST_COMMENT = 2_000
GIVE, SEEN = "give-", "seen-"


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


class CommentForm(OnceForm):
    """A comment; it stands in the form of the answer, so that neither is lost for the other."""

    comment = LongTextField(
        _l("Add a comment"), [Required(_l("Enter your comment"))], longest=LONGEST_COMMENT
    )


def giving_form(
    parts: Mapping[str, str], people: Sequence[Person], held: Mapping[str, str]
) -> Form:
    """A choice of colleague for each part, and beside it who had it when the page was opened."""
    choices = [
        SelectChoice("", _("Nobody in particular")),
        *(SelectChoice(str(each.id), each.name) for each in people),
    ]

    class GivingForm(Form):
        pass

    for part, label in parts.items():
        now = held.get(part, "")
        known = now if now in {str(each.id) for each in people} else ""
        setattr(GivingForm, GIVE + part, SelectField(label, choices=choices, default=known))
        setattr(GivingForm, SEEN + part, HiddenField(default=known))
    return GivingForm()
