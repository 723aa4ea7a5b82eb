"""What somebody else saved on a page, put into words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from lots.drafting.forms import OWN_FIELDS, PageForm
from marketplace.web.filters import shown_date, shown_pounds


def as_read(form: PageForm, unlike: PageForm) -> list[tuple[str, str]]:
    """(label, value) of each field that holds something else than the same field of `unlike`."""
    found = []
    for field in form:
        name = field.short_name
        if name in OWN_FIELDS or name in unlike and field.data == unlike[name].data:
            continue
        found.append((str(field.label.text), _as_text(field) or _("nothing")))
    return found


def _as_text(field: Any) -> str:
    if field.shape == "checkbox":
        return _("Yes") if field.data else _("No")
    if field.shape in ("radios", "select", "checkboxes"):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        values = {str(value) for value in chosen}
        return "; ".join(str(c.label) for c in field.choices if str(c.value) in values)
    if field.shape == "date":
        return shown_date(field.data)
    if field.shape == "money":
        return shown_pounds(field.data)
    return str(field._value())
