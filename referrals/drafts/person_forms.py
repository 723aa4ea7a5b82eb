"""The questions about the person: who they are, and how they are reached."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from marketplace.web.fields import (
    DateField,
    EmailField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    TextField,
)
from referrals.codes import SEXES
from referrals.drafts.base import QuestionForm, choices, is_phone
from referrals.eligibility import ADULT, age_on

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

    def validate_name(self, entered: Any) -> None:
        if not any(map(str.isalpha, entered.data)):
            raise ValidationError(_("Enter the person’s full name"))


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
        if age_on(entered.data, self.context.today) < ADULT:
            raise ValidationError(_("Services are for adults. Check the date of birth"))


class SexForm(QuestionForm):
    sex = RadioField(
        _l("What is the person’s sex?"),
        [Required(_l("Select the person’s sex"))],
        description=_l("As recorded by probation. Some services are for women only."),
        choices=choices(SEXES),
    )


class ContactForm(QuestionForm):
    phone = TextField(_l("Phone number"), [is_phone], longest=40)
    email = EmailField(_l("Email address"))
    safe_contact = LongTextField(
        _l("Is there anything to know about contacting the person safely?"),
        longest=1000,
        show_count=True,
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
