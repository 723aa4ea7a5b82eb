"""Which day and which records the market report is asked for."""

from __future__ import annotations

import re
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from marketplace import clock
from marketplace.web.fields import CheckboxField, Form

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_SHOWN = 40


class DayField(Field):
    """A day in an address, written YYYY-MM-DD; today where nothing is given."""

    data: date | None

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        self.data = self._read(typed) if typed else clock.today()

    def _read(self, typed: str) -> date:
        self.data = None
        try:
            if DAY.fullmatch(typed):
                return date.fromisoformat(typed)
        except ValueError:
            pass
        raise ValueError(
            _(
                "Enter a day that exists, written year, month, day with hyphens (YYYY-MM-DD), "
                "like 2021-06-26. “%(typed)s” cannot be read.",
                typed=typed[:LONGEST_SHOWN],
            )
        )


class MarketForm(Form):
    """The question that a report's address asks; it changes nothing, so it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    on = DayField(_l("Date"))
    demonstration = CheckboxField(
        _l("Count the contracts of the demonstration as well"), false_values=("", "0", "false")
    )
