"""The form of one's delivery unit."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, Required, SelectField


class TeamForm(Form):
    """Which delivery unit somebody works in."""

    delivery_unit = SelectField(
        _l("Which delivery unit do you work in?"), [Required(_l("Select a delivery unit"))]
    )
