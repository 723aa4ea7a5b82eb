"""Forms about payments to partners."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from marketplace.web.fields import (
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
