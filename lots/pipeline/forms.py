"""The forms of the pipeline: a plan's viability, and alerts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.pipeline.anonymous import LONGEST_TEXT, Answer
from lots.pipeline.vocabulary import CHOICES, OBSTACLES, Choice, Obstacle, Subject
from lots.wanted import Wanted
from marketplace.accounts.forms import LONGEST_EMAIL
from marketplace.web.fields import (
    CheckboxesField,
    EmailField,
    Form,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
)


def _offered(labels: dict[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value.value, label) for value, label in labels.items()]


class ViabilityForm(Form):
    """Can the plan be delivered, and what stands against it."""

    choice = RadioField(
        _l("Could your organisation deliver this at this value?"),
        [Required(_l("Select yes, with changes or no"))],
        choices=_offered(CHOICES[Subject.VIABILITY]),
    )
    obstacles = CheckboxesField(_l("What stands against it?"), choices=_offered(OBSTACLES))
    text = LongTextField(
        _l("What would have to change?"),
        longest=LONGEST_TEXT,
        show_count=True,
        description=_l(
            "Only the buyer reads this. Leave out what would show who you are, such as a name."
        ),
    )

    def validate_obstacles(self, field: CheckboxesField) -> None:
        """A no or a half yes says why; that is what the buyer can act on."""
        if self.choice.data in (Choice.CHANGES, Choice.NO) and not field.data:
            raise ValidationError(_("Select at least one reason"))

    def answer(self) -> Answer:
        """What was said; a plain yes carries no reasons."""
        choice = Choice(self.choice.data)
        reasons = (
            () if choice is Choice.YES else tuple(Obstacle(each) for each in self.obstacles.data)
        )
        return Answer(choice, reasons, self.text.data or "")


class AlertForm(Form):
    """Which new lots to hear of; signed-in people need not type their address."""

    service = SelectField(_l("Service"))
    region = SelectField(_l("Region"))
    area = SelectField(_l("Police and crime area"))
    band = SelectField(_l("Value"))
    email = EmailField(
        _l("Your email address"), [Required(_l("Enter your email address"))], longest=LONGEST_EMAIL
    )

    ANY = {
        "service": _l("All services"),
        "region": _l("All regions"),
        "area": _l("All areas"),
        "band": _l("Any value"),
    }

    def offer(self, choices: dict[str, list[tuple[str, Any]]]) -> None:
        """Set the choices, "any" first."""
        for name, pairs in choices.items():
            offered = [SelectChoice(code, label) for code, label in pairs]
            self[name].choices = [SelectChoice("", self.ANY[name]), *offered]

    def wanted(self) -> Wanted:
        """What was chosen."""
        return Wanted(None, *(self[name].data or "" for name in self.ANY))
