"""The questions about the referral: sentence, needs, outcomes, dates, reason, who goes first."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.lifecycle import Refusal
from marketplace.web.fields import (
    CheckboxesField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    WholeNumberField,
    Words,
)
from referrals.codes import (
    COMPLEXITIES,
    COMPLEXITY_HINTS,
    PRIORITIES,
    SENTENCE_STATUSES,
    Priority,
)
from referrals.drafts.base import YES_OR_NO, Context, QuestionForm, choices
from referrals.drafts.naming import colleagues_named
from referrals.drafts.routes import in_custody, sentence_end

MOST_RAR_DAYS = 40
MOST_ORDERED = 200
# Room for 500 long words; one endless “word” is cut off here.
LONGEST = 5000


class NeedsForm(QuestionForm):
    needs = CheckboxesField(
        _l("Which needs should the service meet?"),
        [Required(_l("Select at least one need"))],
    )


class OutcomesForm(QuestionForm):
    outcomes = CheckboxesField(
        _l("What should be achieved?"),
        [Required(_l("Select at least one outcome"))],
    )


class ComplexityForm(QuestionForm):
    complexity = RadioField(
        _l("How much support does this need take?"),
        [Required(_l("Select low, medium or high"))],
        choices=choices(COMPLEXITIES),
        hints={str(key): hint for key, hint in COMPLEXITY_HINTS.items()},
    )


class SentenceStatusForm(QuestionForm):
    status = RadioField(
        _l("What is the person’s sentence status?"),
        [Required(_l("Select the sentence status"))],
        choices=choices(SENTENCE_STATUSES),
    )


class RelevantSentenceForm(QuestionForm):
    sentence = LongTextField(
        _l("Which sentence is this referral for?"),
        [Required(_l("Say which sentence the referral is for"))],
        description=_l(
            "For example the offence, the length and the date. Where there are several, "
            "the one whose requirements the work is part of."
        ),
        longest=500,
        show_count=True,
        called=_l("Sentence"),
    )


class SentenceForm(QuestionForm):
    reveals: ClassVar = {"has_end": {"yes": "ends_on"}}
    has_end = RadioField(
        _l("Does the sentence or licence have an end date?"),
        [Required(_l("Select yes if there is an end date"))],
        choices=list(YES_OR_NO),
    )
    ends_on = DateField(_l("End date"), called=_l("End date"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        given = self.require_revealed("has_end", "yes", _("Enter the end date"))
        if self.ends_on.data and self.ends_on.data < self.context.today:
            self.ends_on.errors = [_("End date must be today or in the future")]
            return False
        return valid and given


class RarForm(QuestionForm):
    reveals: ClassVar = {"has_rar": {"yes": "maximum"}}
    has_rar = RadioField(
        _l("Is there a rehabilitation activity requirement (RAR)?"),
        [Required(_l("Select whether there is a rehabilitation activity requirement"))],
        choices=[
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
            SelectChoice("unknown", _l("Yes, but I do not know the court’s maximum")),
        ],
    )
    maximum = WholeNumberField(
        _l("How many days did the court order at most?"),
        least=1,
        most=MOST_ORDERED,
        called=_l("The court’s maximum"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        message = _("Enter the number of days the court ordered at most")
        return self.require_revealed("has_rar", "yes", message) and valid


class RarDaysForm(QuestionForm):
    rar_days = WholeNumberField(
        _l("How many enforceable (RAR) days may be used?"),
        [Required(_l("Enter the number of days, or 0"))],
        most=MOST_RAR_DAYS,
        description=_l("From 0 to 40."),
        called=_l("Number of days"),
    )

    def validate_rar_days(self, entered: Any) -> None:
        maximum = self.context.answers.get("rar", {}).get("maximum")
        if maximum and entered.data > maximum:
            raise ValidationError(
                _(
                    "Number of days must not be more than the court’s maximum, %(most)s",
                    most=maximum,
                )
            )


class CompleteByForm(QuestionForm):
    complete_by = DateField(
        _l("By when must the work be complete?"),
        [Required(_l("Enter the date by which the work must be complete"))],
        called=_l("Date"),
    )

    def validate_complete_by(self, entered: Any) -> None:
        if entered.data < self.context.today:
            raise ValidationError(_("The date must be today or in the future"))
        ends_on = sentence_end(self.context.answers)
        if ends_on and entered.data > date.fromisoformat(ends_on):
            raise ValidationError(_("The date must not be after the sentence ends"))


class ReasonForm(QuestionForm):
    reason = LongTextField(
        _l("Why are you referring the person?"),
        [Required(_l("Say why you are referring the person")), Words(500)],
        longest=LONGEST,
        called=_l("Why you are referring"),
    )
    aims = LongTextField(
        _l("What should be different at the end?"),
        [Required(_l("Say what should be different at the end")), Words(500)],
        longest=LONGEST,
        called=_l("What should be different"),
    )

    def prepare(self, context: Context) -> None:
        super().prepare(context)
        self.reason.description = (
            _(
                "What the work in prison and after release should link up with: licence "
                "conditions, resettlement plans, and who else is involved"
            )
            if in_custody(context.answers)
            else _("What has been tried before, and who else is involved")
        )


class PriorityForm(QuestionForm):
    priority = RadioField(
        _l("Should the person go before others if there is a waiting list?"),
        [Required(_l("Select whether the person should go before others"))],
        choices=choices(PRIORITIES),
        default=Priority.NONE.value,
    )


class RestrictedForm(QuestionForm):
    reveals: ClassVar = {"is_restricted": {"yes": "named"}}
    is_restricted = RadioField(
        _l("Is access to this case restricted?"),
        [Required(_l("Select yes if access is restricted"))],
        description=_l("A restricted case is hidden from your team, except those you name."),
        choices=list(YES_OR_NO),
    )
    named = LongTextField(
        _l("Who else may see it?"),
        description=_l("Work email addresses of people in your organisation, one on each line"),
        longest=2000,
        called=_l("Who else may see it"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.is_restricted.data != "yes":
            self.named.data = ""
            return valid and not self.is_restricted.errors
        if self.named.errors:
            return False
        try:
            colleagues_named(self.named.data, self.context.by)
        except Refusal as refusal:
            self.named.errors = [refusal.text]
            return False
        return valid


class SendForm(Form):
    """The send button's form: the ids of the services the page showed, in order, spaces between."""

    services = HiddenField(validators=[Required(_l("Open the draft again"))])
