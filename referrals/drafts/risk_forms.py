"""The questions about risk and about what the person needs in order to take part."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.web.fields import (
    CheckboxesField,
    CheckboxField,
    LongTextField,
    RadioField,
    Required,
    TextField,
)
from referrals.codes import ACCESS_NEEDS, RISK_FLAGS, SUPPORT_NEEDS, TIMES_OF_WEEK
from referrals.drafts.base import YES_OR_NO, QuestionForm, alone, choices, choices_or_none

LONGEST = 4000
TELL_US_MORE = 2000


class RiskFlagsForm(QuestionForm):
    flags = CheckboxesField(
        _l("Which risks must the provider plan for?"),
        [Required(_l("Select every risk that applies, or “None of these”")), alone],
        choices=choices_or_none(RISK_FLAGS),
    )


class RiskForm(QuestionForm):
    at_risk = LongTextField(
        _l("Who is at risk, and of what?"),
        [Required(_l("Say who is at risk, and of what; if nobody, say so"))],
        longest=LONGEST,
        show_count=True,
        called=_l("Who is at risk"),
    )
    when_greatest = LongTextField(
        _l("When is the risk greatest, and what lowers it?"),
        longest=LONGEST,
        show_count=True,
        called=_l("When the risk is greatest"),
    )
    to_self = LongTextField(
        _l("Is there a risk of self-harm or suicide, or are they vulnerable?"),
        longest=LONGEST,
        show_count=True,
        called=_l("Risk to themselves"),
    )
    other = LongTextField(
        _l("What else must the provider know to work safely?"),
        longest=LONGEST,
        show_count=True,
        called=_l("What else to know"),
    )
    understood = CheckboxField(
        _l("I understand this is shared with the provider"),
        [Required(_l("Confirm that you understand this is shared with the provider"))],
    )


class AdditionalNeedsForm(QuestionForm):
    needs = CheckboxesField(
        _l("What else should the provider plan for?"),
        [Required(_l("Select what applies, or “None of these”")), alone],
        choices=choices_or_none(SUPPORT_NEEDS),
    )
    additional_needs = LongTextField(
        _l("Tell us more"), longest=TELL_US_MORE, show_count=True, called=_l("Other needs")
    )


class AccessForm(QuestionForm):
    access = CheckboxesField(
        _l("What makes a service accessible for the person?"),
        [Required(_l("Select what applies, or “None of these”")), alone],
        choices=choices_or_none(ACCESS_NEEDS),
    )
    accessibility = LongTextField(
        _l("Tell us more"), longest=TELL_US_MORE, show_count=True, called=_l("Accessibility")
    )


class InterpreterForm(QuestionForm):
    reveals: ClassVar = {"needs_interpreter": {"yes": "interpreter_language"}}
    needs_interpreter = RadioField(
        _l("Does the person need an interpreter?"),
        [Required(_l("Select yes if the person needs an interpreter"))],
        choices=list(YES_OR_NO),
    )
    interpreter_language = TextField(
        _l("Which language, or sign language?"), longest=80, called=_l("Language")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        message = _("Enter the language the interpreter must speak or sign")
        return self.require_revealed("needs_interpreter", "yes", message) and valid


class CommitmentsForm(QuestionForm):
    reveals: ClassVar = {"has_commitments": {"yes": "times"}}
    has_commitments = RadioField(
        _l("Does the person have caring or work commitments?"),
        [Required(_l("Select yes if the person has caring or work commitments"))],
        choices=list(YES_OR_NO),
    )
    times = CheckboxesField(
        _l("When are they not available?"),
        choices=choices(TIMES_OF_WEEK),
    )
    commitments = LongTextField(
        _l("Tell us more about when they are not available"),
        longest=1000,
        show_count=True,
        called=_l("When not available"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.has_commitments.data != "yes":
            self.times.data, self.commitments.data = [], ""
        elif not self.times.data and not self.commitments.data:
            self.times.errors = [_("Select when the person is not available, or tell us more")]
            return False
        return valid
