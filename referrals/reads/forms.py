"""What the auditor looks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.web.fields import DateField, EmailField, Form, Required, TextField

LONGEST = timedelta(days=366)


class ByReferenceForm(Form):
    """One case."""

    reference = TextField(
        _l("Reference of the case"),
        [Required(_l("Enter the reference, for example AB1234CD"))],
        longest=20,
    )


class ByPersonForm(Form):
    """One person, in a period."""

    email = EmailField(
        _l("Email address of the person who read"), [Required(_l("Enter the email address"))]
    )
    first = DateField(_l("First day"), [Required(_l("Enter the first day"))])
    last = DateField(_l("Last day"), [Required(_l("Enter the last day"))])

    def validate_last(self, field: Any) -> None:
        """The period runs forwards and is at most a year."""
        if self.first.data is None or field.data is None:
            return
        if field.data < self.first.data:
            raise ValidationError(_("The last day must be the first day or later"))
        if field.data - self.first.data > LONGEST:
            raise ValidationError(_("Choose a period of at most one year"))
