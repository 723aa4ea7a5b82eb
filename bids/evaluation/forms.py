"""What evaluators and officers fill in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from bids.evaluation.models import SCALE
from marketplace.web.fields import (
    Form,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
)

SCORES = [SelectChoice(str(score), text) for score, text in SCALE.items()]


class DeclarationForm(Form):
    """Conflicts of interest, before anything is visible."""

    conflict = RadioField(
        _l("Do you, or does somebody close to you, have an interest in who wins this lot?"),
        [Required(_l("Select whether you have a conflict of interest"))],
        choices=[
            SelectChoice("no", _l("No, I have no conflict of interest")),
            SelectChoice("yes", _l("Yes, or I am not sure; take me off the panel")),
        ],
    )


class ScoreForm(Form):
    """One's own score of one bid under one criterion."""

    score = RadioField(_l("Your score"), [Required(_l("Select a score"))], choices=SCORES)
    reason = LongTextField(
        _l("Your reason"), [Required(_l("Enter the reason for your score"))], called=_l("Reason")
    )


class ModerationForm(Form):
    """The panel's one score; what stands here reaches the bidder."""

    score = RadioField(_l("Agreed score"), [Required(_l("Select a score"))], choices=SCORES)
    reason = LongTextField(
        _l("Reason for the agreed score"),
        [Required(_l("Enter the reason for the agreed score"))],
        called=_l("Reason"),
    )
    needed = LongTextField(_l("What a higher score would have needed"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Anything below the top of the scale owes the bidder what a higher score needed."""
        if self.score.data != "4":
            self.needed.validators = [
                Required(_l("Enter what a higher score would have needed")),
            ]
        return super().validate(extra_validators)


def panel_form(people: list[Any]) -> Form:
    """Choose one evaluator."""

    class PanelForm(Form):
        person = RadioField(
            _l("Who should score the bids?"),
            [Required(_l("Select an evaluator"))],
            choices=[SelectChoice(str(person.id), person.name) for person in people],
        )

    return PanelForm()


def chosen(form: Any) -> UUID:
    """The person selected in a panel form."""
    return UUID(form.person.data)
