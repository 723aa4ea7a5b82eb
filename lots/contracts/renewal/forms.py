"""Deciding what comes after a contract."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lots.contracts.renewal.models import CHOICES, Choice
from marketplace.web.fields import (
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
)

HINTS = {
    Choice.EXTEND: _l("You then propose the extension, and both sides sign it"),
    Choice.RECOMPETE: _l("The next lot begins as a copy of this one, with its questions"),
    Choice.GRANT: _l("The same, as a grant"),
    Choice.STOP: _l("You then give notice, and each person supported gets a decision"),
}


class DecisionForm(OnceForm):
    """What comes next, and why."""

    choice = RadioField(
        _l("What comes next?"),
        [Required(_l("Select what comes next"))],
        choices=[SelectChoice(str(choice), label) for choice, label in CHOICES.items()],
        hints=HINTS,
    )
    reason = LongTextField(
        _l("Why?"),
        [Required(_l("Enter why"))],
        called=_l("The reason"),
        longest=2000,
        description=_l("This is published. Do not write anything about a person."),
    )
    note = LongTextField(
        _l("What should whoever drafts the next lot know?"),
        called=_l("The note"),
        longest=4000,
        description=_l("Only your organisation sees this."),
    )

    def __init__(self, is_grant: bool):
        super().__init__()
        if is_grant:  # competed for again it is a grant as it was
            self.choice.choices = [
                each for each in self.choice.choices if each.value != Choice.GRANT
            ]


class BeginForm(OnceForm):
    """Beginning the next lot."""
