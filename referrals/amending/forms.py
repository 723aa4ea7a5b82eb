"""The form beside the questions of an amendment: why it changes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, HiddenField, LongTextField, Required


class WhyForm(Form):
    """Why it changes; `seen` says what the page showed."""

    seen = HiddenField()
    why = LongTextField(
        _l("Why does it change?"),
        [Required(_l("Say why it changes"))],
        description=_l("The provider can read this."),
        longest=1000,
        show_count=True,
        called=_l("Why it changes"),
    )
