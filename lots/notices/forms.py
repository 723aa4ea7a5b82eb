"""Recording what became of a notice outside."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, Required, TextField


class SentForm(Form):
    """The reference under which the platform keeps the notice."""

    reference = TextField(
        _l("Reference given by the central platform"),
        [Required(_l("Enter the reference"))],
        longest=100,
    )
