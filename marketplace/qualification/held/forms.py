"""The forms of a qualification that is held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace import clock
from marketplace.categories.queries import category_name
from marketplace.qualification.models import GROUNDS, Ground, Qualification
from marketplace.questions.asking import answers_form, answers_in
from marketplace.questions.models import Question
from marketplace.web.fields import (
    CheckboxesField,
    DateField,
    Form,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
)

LONGEST = 4000


def _grounds() -> list[SelectChoice]:
    return [SelectChoice(each.value, label) for each, label in GROUNDS.items()]


class _WithGround(Form):
    ground = RadioField(_l("Why?"), [Required(_l("Select why"))])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.ground.choices = _grounds()

    def ground_chosen(self) -> Ground:
        """The ground selected."""
        return Ground(self.ground.data)


class SuspendForm(_WithGround):
    """Why, until when, and the reasons the organisation reads."""

    text = LongTextField(
        _l("Reasons"),
        [Required(_l("Give the reasons"))],
        description=_l("The organisation reads these. They are never public."),
        longest=LONGEST,
    )
    until = DateField(
        _l("First day on which it counts again"),
        [Required(_l("Enter the day on which it counts again"))],
        description=_l("It returns on this day by itself."),
    )

    def validate_until(self, field: DateField) -> None:
        if field.data is not None and field.data <= clock.today():
            raise ValidationError(_("The day must be in the future"))


class NoticeForm(_WithGround):
    """The notice of a removal."""

    reasons = LongTextField(
        _l("Reasons"),
        [Required(_l("Give the reasons"))],
        description=_l("The organisation reads these, and answers them before you decide."),
        longest=LONGEST,
    )


class AnswerForm(Form):
    """The organisation's answer to a notice."""

    text = LongTextField(
        _l("Your answer"),
        [Required(_l("Write your answer"))],
        description=_l("You can send one answer. Nothing is decided before it is read."),
        longest=LONGEST,
    )


class RemovalDecisionForm(Form):
    """The decision after the right to answer."""

    decision = RadioField(
        _l("Your decision"),
        [Required(_l("Select your decision"))],
        choices=[
            SelectChoice("remove", _l("Remove the qualification")),
            SelectChoice("keep", _l("Leave it as it is")),
        ],
    )
    text = LongTextField(
        _l("Reasons for your decision"),
        [Required(_l("Give the reasons for your decision"))],
        description=_l("Say how you took the organisation’s answer into account."),
        longest=LONGEST,
    )


class ReconfirmForm(OnceForm):
    """Nothing has changed, for these categories; the legal confirmations are given afresh."""

    categories = CheckboxesField(
        _l("For which categories?"), [Required(_l("Select at least one category"))]
    )
    questions: Sequence[Question] = ()

    def offer(self, held: Iterable[Qualification]) -> ReconfirmForm:
        """Offer these, all of them ticked."""
        offered = list(held)
        self.categories.choices = [
            SelectChoice(str(each.id), category_name(each.category_code)) for each in offered
        ]
        if not self.is_submitted():
            self.categories.data = [str(each.id) for each in offered]
        return self

    def chosen(self) -> list[UUID]:
        """The qualifications selected."""
        return [UUID(each) for each in self.categories.data or []]

    def confirmed(self) -> dict[UUID, str]:
        """The legal confirmations by question."""
        return answers_in(self, self.questions)


def reconfirm_form(legal: Sequence[Question]) -> ReconfirmForm:
    """The form with these legal confirmations, none of them filled in."""
    return type("ReconfirmForm", (answers_form(legal), ReconfirmForm), {})()
