"""Which day and which records the market report is asked for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import CheckboxField, DayField, Form


class MarketForm(Form):
    """The question that a report's address asks; it changes nothing, so it needs no token."""

    class Meta(Form.Meta):
        csrf = False

    on = DayField(_l("Date"))
    demonstration = CheckboxField(
        _l("Count the contracts of the demonstration as well"), false_values=("", "0", "false")
    )
