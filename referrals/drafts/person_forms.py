"""The questions about the person: who they are, where, what they need, and the risk."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.web.fields import (
    CheckboxField,
    DateField,
    EmailField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
)
from referrals.codes import RELEASE_UNKNOWNS, SEXES, WHEREABOUTS
from referrals.drafts.base import YES_OR_NO, QuestionForm, choices

OLDEST = 120
# A case reference number of probation, or a prison number.
CRN = re.compile(r"[A-Z]\d{6}|[A-Z]\d{4}[A-Z]{2}", re.ASCII)


class CrnForm(QuestionForm):
    crn = TextField(
        _l("What is the person’s CRN or prison number?"),
        [Required(_l("Enter the CRN or prison number"))],
        description=_l("A CRN is one letter and six numbers, like X123456"),
        called=_l("CRN or prison number"),
    )

    def validate_crn(self, entered: Any) -> None:
        entered.data = re.sub(r"\s", "", entered.data).upper()
        if not CRN.fullmatch(entered.data):
            raise ValidationError(_("Enter a CRN like X123456, or a prison number like A1234BC"))


class NameForm(QuestionForm):
    name = TextField(
        _l("What is the person’s full name?"),
        [Required(_l("Enter the person’s full name"))],
        called=_l("Full name"),
    )


class BornForm(QuestionForm):
    date_of_birth = DateField(
        _l("What is the person’s date of birth?"),
        [Required(_l("Enter the date of birth"))],
        called=_l("Date of birth"),
    )

    def validate_date_of_birth(self, entered: Any) -> None:
        if entered.data >= self.context.today:
            raise ValidationError(_("Date of birth must be in the past"))
        if entered.data.year < self.context.today.year - OLDEST:
            raise ValidationError(_("Date of birth must be within the last 120 years"))


class SexForm(QuestionForm):
    sex = RadioField(
        _l("What is the person’s sex?"),
        [Required(_l("Select the person’s sex"))],
        description=_l("As recorded by probation. Some services are for women only."),
        choices=choices(SEXES),
    )


class AreaForm(QuestionForm):
    area = SelectField(
        _l("Which police area does the person live in, or will they be released to?"),
        [Required(_l("Select the area"))],
    )


class ContactForm(QuestionForm):
    phone = TextField(_l("Phone number"), longest=40)
    email = EmailField(_l("Email address"))
    safe_contact = LongTextField(
        _l("Is there anything to know about contacting the person safely?"),
        longest=1000,
        called=_l("Safe contact"),
    )


class LanguageForm(QuestionForm):
    reveals: ClassVar = {"language": {"other": "other_language"}}
    language = RadioField(
        _l("Which language does the person prefer?"),
        [Required(_l("Select the language the person prefers"))],
        choices=[
            SelectChoice("en", _l("English")),
            SelectChoice("cy", _l("Welsh")),
            SelectChoice("other", _l("Another language")),
        ],
    )
    other_language = TextField(_l("Which language?"), longest=80, called=_l("Language"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        return self.require_revealed("language", "other", _("Enter the language")) and valid


class WhereaboutsForm(QuestionForm):
    whereabouts = RadioField(
        _l("Where is the person now?"),
        [Required(_l("Select where the person is now"))],
        choices=choices(WHEREABOUTS),
    )


class PrisonForm(QuestionForm):
    prison = TextField(
        _l("Which prison is the person in?"),
        [Required(_l("Enter the name of the prison"))],
        called=_l("Prison"),
    )


class ReleaseForm(QuestionForm):
    reveals: ClassVar = {"is_known": {"yes": "release_on", "no": "release_unknown"}}
    is_known = RadioField(
        _l("Do you know the expected release date?"),
        [Required(_l("Select yes if you know the expected release date"))],
        choices=list(YES_OR_NO),
    )
    release_on = DateField(_l("Expected release date"), called=_l("Expected release date"))
    release_unknown = SelectField(
        _l("Why is it not known?"),
        choices=[SelectChoice("", _l("Choose a reason")), *choices(RELEASE_UNKNOWNS)],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        date_given = self.require_revealed("is_known", "yes", _("Enter the expected release date"))
        reason_given = self.require_revealed(
            "is_known", "no", _("Select why the release date is not known")
        )
        if self.release_on.data and self.release_on.data <= self.context.today:
            self.release_on.errors = [_("Expected release date must be in the future")]
            return False
        return valid and date_given and reason_given


class PractitionerForm(QuestionForm):
    name = TextField(_l("Your name"), [Required(_l("Enter your name"))])
    email = EmailField(_l("Your email address"), [Required(_l("Enter your email address"))])
    phone = TextField(_l("Your phone number"), longest=40)
    delivery_unit = SelectField(
        _l("Probation delivery unit responsible for the person"),
        [Required(_l("Select the delivery unit"))],
    )


class RiskForm(QuestionForm):
    at_risk = LongTextField(
        _l("Who is at risk, and of what?"),
        [Required(_l("Say who is at risk, and of what; if nobody, say so"))],
        longest=4000,
        called=_l("Who is at risk"),
    )
    when_greatest = LongTextField(
        _l("When is the risk greatest, and what lowers it?"),
        longest=4000,
        called=_l("When the risk is greatest"),
    )
    to_self = LongTextField(
        _l("Is there a risk of self-harm or suicide, or are they vulnerable?"),
        longest=4000,
        called=_l("Risk to themselves"),
    )
    understood = CheckboxField(
        _l("I understand this is shared with the provider"),
        [Required(_l("Confirm that you understand this is shared with the provider"))],
    )


class SupportForm(QuestionForm):
    additional_needs = LongTextField(
        _l("Does the person have other needs the provider should plan for?"),
        description=_l("For example health, neurodiversity or learning needs"),
        longest=2000,
        called=_l("Other needs"),
    )
    accessibility = LongTextField(
        _l("What makes a service accessible for them?"),
        description=_l("For example step-free rooms, large print or a quiet place"),
        longest=2000,
        called=_l("Accessibility"),
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
    reveals: ClassVar = {"has_commitments": {"yes": "commitments"}}
    has_commitments = RadioField(
        _l("Does the person have caring or work commitments?"),
        [Required(_l("Select yes if the person has caring or work commitments"))],
        choices=list(YES_OR_NO),
    )
    commitments = LongTextField(
        _l("When are they not available?"), longest=1000, called=_l("When not available")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        message = _("Enter when the person is not available")
        return self.require_revealed("has_commitments", "yes", message) and valid
