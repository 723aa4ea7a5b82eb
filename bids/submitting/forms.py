"""The legal confirmations of a submission."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.web.fields import CheckboxesField, Form, HiddenField, SelectChoice

DECLARATIONS = {
    "true": _l("What this bid says is true, and the people who answer for us have agreed to it"),
    "no_exclusion": _l(
        "No ground for exclusion applies to our organisation or to the people who control it"
    ),
    "no_conflict": _l("We have told the buyer of every conflict of interest that we have here"),
    "price_holds": _l("The price covers the full cost of the service and stands for 90 days"),
}


class _EveryDeclaration:
    """A bid needs all of them, given anew for each submission."""

    def __call__(self, form: Any, field: Any) -> None:
        if set(field.data or []) != set(DECLARATIONS):
            raise ValidationError(
                _("Confirm all of the statements. A bid cannot be submitted without them.")
            )


class SubmitForm(Form):
    """The legal confirmations; never filled in beforehand."""

    declarations = CheckboxesField(
        _l("Confirm each statement"),
        [_EveryDeclaration()],
        choices=[SelectChoice(key, text) for key, text in DECLARATIONS.items()],
    )
    seen = HiddenField()
