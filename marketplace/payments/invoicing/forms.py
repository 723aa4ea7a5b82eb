"""What people fill in about invoices."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace import clock
from marketplace.web.fields import DateField, Form, Required, TextField

LONGEST_REFERENCE = 60


class PaidForm(Form):
    """On which day the money came to the bank, and under which reference."""

    paid_on = DateField(
        _l("When did the money come?"),
        [Required(_l("Enter the day on which the money came"))],
        called=_l("The day on which the money came"),
    )
    reference = TextField(
        _l("The bank’s reference"),
        [Required(_l("Enter the reference that your bank shows"))],
        description=_l("As on your statement."),
        longest=LONGEST_REFERENCE,
    )

    def validate_paid_on(self, field: DateField) -> None:
        """What is still to come is not recorded."""
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("The day on which the money came must be today or in the past"))


class WithdrawForm(Form):
    """Nothing to fill in: the page says what follows."""
