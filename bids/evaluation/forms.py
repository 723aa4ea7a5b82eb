"""What evaluators and officers fill in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bids.evaluation.models import SCALE, TOP_SCORE
from bids.evaluation.panel import Candidate
from bids.evaluation.vocabulary import ANSWERS, Answer
from lots.forms import choices
from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    DateField,
    Form,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
)

SCORES = [SelectChoice(str(score), text) for score, text in SCALE.items()]
# The scale stands once above many answers; each then has the bare numbers.
NUMBERS = [SelectChoice(str(score), str(score)) for score in SCALE]


class DeclarationForm(Form):
    """Conflicts of interest, before any answer is visible."""

    conflict = RadioField(
        _l("Do you, or does somebody close to you, have an interest in who wins this lot?"),
        [Required(_l("Select whether you have a conflict of interest"))],
        choices=choices(ANSWERS),
    )
    what = LongTextField(_l("What is the interest, or what makes you unsure?"), called=_l("This"))

    def __init__(self, *, again: bool = False):
        super().__init__()
        if again:  # whoever said no before can only add to it
            self.conflict.choices = self.conflict.choices[1:]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whoever does not say no says what it is."""
        if self.conflict.data in (Answer.PERHAPS, Answer.YES):
            self.what.validators = [Required(_l("Enter what the interest is"))]
        return super().validate(extra_validators)


class InterestForm(Form):
    """What an officer decides on a declared interest."""

    keep = RadioField(
        _l("Can this person score the bids?"),
        [Required(_l("Select whether this person can score the bids"))],
        choices=[
            SelectChoice("yes", _l("Yes, keep them on the panel")),
            SelectChoice("no", _l("No, take them off the panel")),
        ],
    )
    reason = LongTextField(
        _l("Why?"), [Required(_l("Enter the reason for your decision"))], called=_l("The reason")
    )


class DueForm(Form):
    """By when own scores are expected."""

    due = DateField(
        _l("By the end of which day should the panel have scored?"),
        [Required(_l("Enter the day by which the panel should have scored"))],
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
    needed = LongTextField(
        _l("What a higher score would have needed"), called=_l("What a higher score needed")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Anything below the top of the scale owes the bidder what a higher score needed."""
        if self.score.data != str(TOP_SCORE):
            self.needed.validators = [
                Required(_l("Enter what a higher score would have needed")),
            ]
        return super().validate(extra_validators)


class ManyForm(ModerationForm):
    """The same, one of many on a page: told apart by its prefix, and its errors by `about`."""

    def __init__(self, about: str, **kwargs: Any):
        super().__init__(**kwargs)
        self.about = about
        self.score.choices = NUMBERS

    @property
    def touched(self) -> bool:
        """Something is entered that is not what stands there already."""
        return any(
            (field.data or "") != (field.object_data or "")
            for field in (self.score, self.reason, self.needed)
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Each error says which answer it is about."""
        good = super().validate(extra_validators)
        for field in (self.score, self.reason, self.needed):
            field.errors = [
                _("%(about)s: %(error)s", about=self.about, error=each) for each in field.errors
            ]
        return good


def panel_form(people: Iterable[Candidate], *, with_lived: bool = True) -> Form:
    """Choose one evaluator; `with_lived` also asks whether the seat is for lived experience."""

    class PanelForm(Form):
        person = RadioField(
            _l("Who should score the bids?"),
            [Required(_l("Select an evaluator"))],
            choices=[SelectChoice(str(person.id), person.name) for person in people],
            hints={str(person.id): person.organisation for person in people},
        )
        if with_lived:
            lived = CheckboxField(_l("This is a seat for lived experience of probation"))

    return PanelForm()


def criteria_form(offered: Iterable[Any], held: set[UUID]) -> Form:
    """Which criteria a seat scores."""

    class CriteriaForm(Form):
        criteria = CheckboxesField(
            _l("Which criteria does this evaluator score?"),
            [Required(_l("Select one criterion or more"))],
            choices=[
                SelectChoice(
                    str(each.id),
                    _("%(name)s (%(weight)s points)", name=each.name, weight=each.weight),
                )
                for each in offered
            ],
        )

    return CriteriaForm(data={"criteria": [str(each) for each in held]})


def chosen(form: Any) -> UUID:
    """The person selected in a panel form."""
    return UUID(form.person.data)
