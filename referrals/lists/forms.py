"""The form that finds a case again."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import Form, Required, TextField


class LookUpForm(Form):
    """Exact look-up; posted, so that nothing about a person stands in an address."""

    what = TextField(
        _l("Find a case by CRN or reference"),
        [Required(_l("Enter a CRN or a reference"))],
        description=_l("The whole of it, like X123456 or KT4729PW"),
        longest=40,
        called=_l("CRN or reference"),
    )
