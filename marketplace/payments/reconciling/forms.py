"""What is said of a difference."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, LongTextField, Required, Words


class ExplainForm(Form):
    """Where it comes from, in a few words."""

    note = LongTextField(
        _l("Where does the difference come from?"),
        [Required(_l("Enter where the difference comes from")), Words(100)],
        description=_l("Write nothing about people who use a service."),
    )
