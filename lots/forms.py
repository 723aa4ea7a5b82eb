"""Forms that more than one page of a lot shares."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from lots.vocabulary import END_REASONS, EndReason
from marketplace.web.fields import Form, RadioField, Required, SelectChoice


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
