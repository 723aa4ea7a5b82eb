"""For which days a statement is asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from marketplace import clock
from marketplace.calendar import FIRST_MONTH, financial_year, months_later
from marketplace.payments.statements import Period
from marketplace.web.fields import DayField, Form
from marketplace.web.words import cleaned


class PeriodForm(Form):
    """The first and the last day; this financial year so far where none is given."""

    class Meta(Form.Meta):
        csrf = False

    first = DayField(_l("First day"))
    last = DayField(_l("Last day"))

    def __init__(self, asked: Mapping[str, str]):
        this_year = date(financial_year(clock.today()), FIRST_MONTH, 1)
        typed = {name: cleaned(value, lines=False) for name, value in asked.items()}
        given = {name: text for name, text in typed.items() if text}
        super().__init__(MultiDict({"first": this_year.isoformat()} | given))

    def validate_last(self, field: DayField) -> None:
        """Not before the first day."""
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_("The last day must be the first day, or after it"))

    def validate_first(self, field: DayField) -> None:
        """No day before there can be any record: moments before that cannot be counted."""
        if field.data and field.data.year < EARLIEST:
            raise ValidationError(_("Enter a day from %(year)s on", year=EARLIEST))

    def period(self) -> Period:
        """The days chosen; of a form that is valid."""
        assert self.first.data and self.last.data
        return Period(self.first.data, min(self.last.data, LATEST))


EARLIEST = 2000
LATEST = date(2999, 12, 31)


def offered() -> list[tuple[str, date, date]]:
    """Periods that are asked for often: their name, first and last day."""
    today = clock.today()
    month, year = today.replace(day=1), date(financial_year(today), FIRST_MONTH, 1)
    return [
        (_("This month"), month, today),
        (_("Last month"), months_later(month, -1), month - timedelta(days=1)),
        (_("This financial year"), year, today),
        (_("Last financial year"), months_later(year, -12), year - timedelta(days=1)),
    ]
