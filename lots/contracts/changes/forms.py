"""The forms of changes, one for each kind, built on what the contract says now."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace import clock
from marketplace.web.fields import (
    DateField,
    Form,
    LongTextField,
    OnceForm,
    Required,
    WholeNumberField,
)

REASON_LENGTH = 2000
SCOPE_LENGTH = 5000


class ChangeForm(OnceForm):
    """What every change has: a reason, which is published, and the day it is in force from."""

    own: tuple[str, ...] = ()
    reason = LongTextField(
        _l("Why? The reason is published with the change"),
        [Required(_l("Say why the contract changes"))],
        called=_l("The reason"),
        longest=REASON_LENGTH,
        show_count=True,
    )
    effective_on = DateField(
        _l("From which day?"),
        [Required(_l("Enter the day from which the change is in force"))],
        called=_l("The day from which the change is in force"),
    )

    def validate_effective_on(self, field: DateField) -> None:
        """Nothing is changed backwards."""
        if field.data and field.data < clock.today():
            raise ValidationError(_("A change is in force from today or a later day"))

    def asked(self) -> dict[str, Any]:
        """What the kind's own fields say, for `drafting`; each kind reads its own."""
        return {}

    def own_fields(self) -> list[Any]:
        """The fields above reason and day, in order."""
        return [self[name] for name in self.own]

    def day(self) -> date:
        """The day it is in force from."""
        assert self.effective_on.data is not None  # Required
        return self.effective_on.data


class ScopeForm(ChangeForm):
    """What is delivered, in words."""

    own = ("scope",)
    was = ""
    scope = LongTextField(
        _l("What is delivered from then on?"),
        [Required(_l("Say what is delivered from then on"))],
        called=_l("What is delivered"),
        longest=SCOPE_LENGTH,
        show_count=True,
    )

    def asked(self) -> dict[str, Any]:
        """The words now in force, and the new ones."""
        return {"before": self.was, "scope": self.scope.data}


class ExtensionForm(ChangeForm):
    """Months out of the lot's options."""

    own = ("months",)
    months = WholeNumberField(
        _l("By how many months?"),
        [Required(_l("Enter the number of months"))],
        least=1,
        most=120,
        called=_l("The number of months"),
    )

    def asked(self) -> dict[str, Any]:
        """The months."""
        return {"months": self.months.data}


class TermForm(ChangeForm):
    """Another last day."""

    own = ("ends_on",)
    ends_on = DateField(
        _l("What is the new last day?"),
        [Required(_l("Enter the new last day"))],
        called=_l("The new last day"),
    )

    def asked(self) -> dict[str, Any]:
        """The day."""
        return {"ends_on": self.ends_on.data}


class RefuseForm(Form):
    """Why a change is not signed."""

    because = LongTextField(
        _l("Why do you not agree? Everybody the change binds reads it"),
        [Required(_l("Say why you do not agree"))],
        called=_l("Your reason"),
        longest=REASON_LENGTH,
        show_count=True,
    )
