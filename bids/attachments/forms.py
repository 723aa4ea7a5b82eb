"""A file, words, or a statement to confirm."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bids.attachments.queries import Asked
from bids.attachments.wording import MOST_LETTERS, MOST_WORDS, statement
from marketplace.files import UploadField
from marketplace.web.fields import (
    CheckboxField,
    Form,
    HiddenField,
    LongTextField,
    OnceForm,
    Required,
    Words,
)


class FileForm(OnceForm):
    """One file; `seen` is the file that it replaces, where it does."""

    file = UploadField(_l("File"), [Required(_l("Choose a file"))])
    seen = HiddenField()


class WordsForm(Form):
    """How an equivalent is shown, or the plan to get there."""

    words = LongTextField(
        _l("What you have instead, or how and by when you will get it"),
        [Words(MOST_WORDS)],
        called=_l("What you say"),
        longest=MOST_LETTERS,
    )
    edition = HiddenField(default="0")


def statement_form(asked: Asked) -> Form:
    """The statement with its box; its data is "", or the statement that was confirmed."""

    class StatementForm(Form):
        confirmed = CheckboxField(statement(asked.demand))
        edition = HiddenField(default="0")

        def validate_confirmed(self, field: Any) -> None:
            if not field.data and not asked.words:
                field.errors = [_("Tick the statement if it is true, or go back to the bid")]

        def validate(self, extra_validators: Any = None) -> bool:
            return super().validate(extra_validators) and not self.errors

    return StatementForm(data={"confirmed": bool(asked.words), "edition": str(asked.edition)})
