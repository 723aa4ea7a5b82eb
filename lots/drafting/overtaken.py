"""What somebody else saved on a page, put into words."""

from __future__ import annotations

from flask_babel import gettext as _

from lots.drafting.forms import OWN_FIELDS, PageForm
from marketplace.web.filters import shown_date, shown_pounds


def as_read(form: PageForm, unlike: PageForm) -> list[tuple[str, str]]:
    """(label, value) of each field that holds something else than the same field of `unlike`."""
    found = []
    for field in form:
        if field.short_name in OWN_FIELDS or field.data == unlike[field.short_name].data:
            continue
        if field.shape in ("radios", "select"):
            text = next((c.label for c in field.choices if str(c.value) == str(field.data)), "")
        elif field.shape == "date":
            text = shown_date(field.data)
        elif field.shape == "money":
            text = shown_pounds(field.data)
        else:
            text = field._value()
        found.append((str(field.label.text), str(text) or _("nothing")))
    return found
