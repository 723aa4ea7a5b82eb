"""Forms that more than one page of a lot shares."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from lots.vocabulary import END_REASONS, EndReason
from marketplace.web.fields import Form, LongTextField, RadioField, Required, SelectChoice

NOTE_LENGTH = 2000


def choices(labels: Any) -> list[SelectChoice]:
    """A table of labels as a form's choices."""
    return [SelectChoice(value, label) for value, label in labels.items()]


class EndForm(Form):
    """Why a lot ends before an award."""

    reason = RadioField(_l("Why?"), [Required(_l("Select the reason"))])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.reason.choices = choices(END_REASONS)

    def chosen(self) -> EndReason:
        """The coded reason."""
        return EndReason(self.reason.data)


class CancelForm(EndForm):
    """Why, in words too, once bids are closed."""

    note = LongTextField(
        _l("Why, in words? Bidders and the public read it"),
        [Required(_l("Enter why the lot is cancelled"))],
        called=_l("The reason in words"),
        longest=NOTE_LENGTH,
        show_count=True,
    )
