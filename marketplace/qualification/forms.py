"""The forms of applications: choosing, signing off, assessing."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.categories.models import Category
from marketplace.files import UploadField
from marketplace.qualification.policies import FIRST, QualificationPolicy
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
    WholeNumberField,
)

LONGEST_REASONS = 4000


class CategoriesForm(Form):
    """Which categories to apply for."""

    categories = CheckboxesField(
        _l("Which categories do you apply for?"),
        [Required(_l("Select at least one category"))],
    )

    def offer(self, categories: Iterable[Category]) -> CategoriesForm:
        """Offer these categories."""
        self.categories.choices = [SelectChoice(each.code, each.label) for each in categories]
        return self


class EvidenceForm(OnceForm):
    """One file; a browser does not keep a chosen one, so nothing else is asked beside it."""

    file = UploadField(_l("Your file"), [Required(_l("Choose a file"))])


class SignOffForm(Form):
    """A trustee approves, or sends back with what should change."""

    decision = RadioField(
        _l("Do you approve this application?"),
        [Required(_l("Select whether you approve it"))],
        choices=[
            SelectChoice("approve", _l("Yes, it may be submitted")),
            SelectChoice("send_back", _l("No, something should change")),
        ],
    )
    comment = LongTextField(_l("What should change?"), longest=LONGEST_REASONS)

    def validate_comment(self, field: LongTextField) -> None:
        if self.decision.data == "send_back" and not (field.data or "").strip():
            raise ValidationError(_("Say what should change"))


class DecisionForm(Form):
    """Qualified, or not yet with reasons."""

    decision = RadioField(
        _l("Your decision"),
        [Required(_l("Select your decision"))],
        choices=[
            SelectChoice("qualify", _l("Qualified")),
            SelectChoice("not_yet", _l("Not yet")),
        ],
    )
    reasons = LongTextField(
        _l("Reasons"),
        description=_l("The applicant reads these. Say what is missing and how to get there."),
        longest=LONGEST_REASONS,
    )

    def validate_reasons(self, field: LongTextField) -> None:
        if self.decision.data == "not_yet" and not (field.data or "").strip():
            raise ValidationError(_("Give the reasons: the applicant will read them"))

    def reasons_if_not_yet(self) -> str | None:
        """None where the applicant qualifies."""
        return (self.reasons.data or "") if self.decision.data == "not_yet" else None


class CorrectionForm(Form):
    """Which questions the applicant should answer again, and why."""

    questions = CheckboxesField(
        _l("Which questions should be answered again?"),
        [Required(_l("Select at least one question"))],
    )
    why = LongTextField(
        _l("What should be corrected?"),
        [Required(_l("Say what should be corrected"))],
        description=_l("The applicant reads this, and can change only the questions you select."),
        longest=LONGEST_REASONS,
    )

    def offer(self, questions: Iterable[Question]) -> CorrectionForm:
        """Offer these questions; a legal confirmation stands as it was given."""
        self.questions.choices = [
            SelectChoice(str(each.id), each.asked) for each in questions if not each.legal
        ]
        return self

    def chosen(self) -> list[UUID]:
        """The questions selected."""
        return [UUID(each) for each in self.questions.data or []]


class PolicyForm(OnceForm):
    """The numbers of the next version."""

    valid_from = DateField(_l("In force from"), [Required(_l("Enter the day it is in force from"))])
    decision_days = WholeNumberField(
        _l("Working days for a decision"),
        [Required(_l("Enter how many working days"))],
        least=1,
        most=366,
    )
    escalation_days = WholeNumberField(
        _l("Working days until the framework managers are told that one is late"),
        [Required(_l("Enter how many working days"))],
        least=2,
        most=366,
    )
    correction_days = WholeNumberField(
        _l("Working days to correct an application"),
        [Required(_l("Enter how many working days"))],
        least=1,
        most=366,
    )
    answer_days = WholeNumberField(
        _l("Working days to answer a notice of removal"),
        [Required(_l("Enter how many working days"))],
        least=1,
        most=366,
    )
    reconfirmation_months = WholeNumberField(
        _l("Months from one reconfirmation to the next"),
        [Required(_l("Enter how many months"))],
        least=1,
        most=366,
    )
    grace_days = WholeNumberField(
        _l("Days after that before a qualification lapses"),
        [Required(_l("Enter how many days"))],
        most=366,
    )

    def validate_escalation_days(self, field: WholeNumberField) -> None:
        if field.data is not None and field.data <= (self.decision_days.data or 0):
            raise ValidationError(_("This must be more than the working days for a decision"))

    def start_from(self, policy: QualificationPolicy) -> PolicyForm:
        """Show the numbers of the version in force."""
        if not self.is_submitted():
            for name in FIRST:
                self[name].data = getattr(policy, name)
        return self

    def numbers(self) -> dict[str, int]:
        """The numbers as filled in."""
        return {name: self[name].data for name in FIRST}
