"""Forms about payments to partners."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace import clock
from marketplace.web.fields import (
    DateField,
    Form,
    HiddenField,
    LongTextField,
    MoneyField,
    Required,
    SelectChoice,
    SelectField,
)

DISPUTE_LENGTH = 1000


class PaymentForm(Form):
    """What a partner was paid for one month."""

    month = SelectField(_l("For which month?"), [Required(_l("Select the month"))])
    amount = MoneyField(
        _l("What was paid, net of VAT"),
        [Required(_l("Enter what was paid, 0 if nothing was"))],
        called=_l("What was paid"),
    )

    paid_on = DateField(
        _l("On which day did you pay it?"),
        description=_l(
            "The day it left your bank; none if nothing was paid. How fast partners are paid is "
            "published."
        ),
    )

    def validate_paid_on(self, field: DateField) -> None:
        """A day for every payment, and none that is still ahead."""
        if self.amount.data and field.data is None:
            raise ValidationError(_("Enter the day on which you paid it"))
        if field.data is not None and field.data > clock.today():
            raise ValidationError(_("The day of the payment must be today or before"))

    def __init__(self, months: list[date], **kwargs):
        super().__init__(**kwargs)
        self.month.choices = [
            SelectChoice(month.isoformat(), format_date(month, "MMMM y")) for month in months
        ]

    def first_day(self) -> date:
        """The first day of the month chosen."""
        return date.fromisoformat(self.month.data)


class DisputeForm(Form):
    """What is wrong with it, and with which amount."""

    pence = HiddenField()
    why = LongTextField(
        _l("What is wrong? The lead and the buyer read it"),
        [Required(_l("Say what is wrong"))],
        called=_l("What is wrong"),
        longest=DISPUTE_LENGTH,
        show_count=True,
    )
