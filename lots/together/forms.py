"""The two forms of a competition: which one a lot belongs to, and its limit."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms.validators import ValidationError

from lots.models import Lot
from lots.together import queries
from marketplace.web.fields import (
    Form,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    TextField,
    WholeNumberField,
)

ALONE, NEW = "alone", "new"


class ChoiceForm(OnceForm):
    """By itself, in a competition that there is, or in a new one."""

    choice = RadioField(
        _l("Is this lot competed for together with others?"),
        [Required(_l("Say whether the lot is competed for together with others"))],
    )
    title = TextField(_l("Name of the new competition"), longest=200)

    def offer(self, lot: Lot) -> None:
        """What there is to choose from for this draft."""
        there = queries.to_join(lot)
        self.choice.choices = [
            SelectChoice(ALONE, _("No, by itself")),
            *(SelectChoice(str(each.id), f"{each.title} ({each.reference})") for each in there),
            SelectChoice(NEW, _("Yes, in a new competition")),
        ]
        self.choice.hints = {
            str(each.id): ngettext("%(num)s lot in it", "%(num)s lots in it", len(each.lots))
            for each in there
        }
        if not self.is_submitted():
            self.choice.data = str(lot.competition_id) if lot.competition_id else ALONE

    def validate_title(self, field: Any) -> None:
        """A new competition needs its name."""
        if self.choice.data == NEW and not field.data:
            raise ValidationError(_("Enter a name for the new competition"))


class RuleForm(Form):
    """The name, and the limit for one bidder."""

    name = TextField(_l("Name of the competition"), [Required(_l("Enter a name"))], longest=200)
    most_lots = WholeNumberField(
        _l("How many of these lots may one bidder be awarded?"),
        least=1,
        most=99,
        description=_l("Leave empty for any number."),
    )
