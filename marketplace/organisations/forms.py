"""The forms of organisations."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation, ValidationError

from marketplace.acting import ORGANISATION_KINDS, OrganisationKind
from marketplace.areas.queries import area_choices, region_choices
from marketplace.organisations.actions import NumberTaken
from marketplace.organisations.models import (
    INCOME_BANDS,
    LEGAL_FORMS,
    VOLUNTARY_BY_LAW,
    IncomeBand,
    LegalForm,
    Organisation,
)
from marketplace.organisations.registers import (
    COMPANIES,
    OF_CHARITIES,
    SOCIETIES,
    WrongNumber,
    charity_org_id,
    company_org_id,
    number_in,
    society_org_id,
)
from marketplace.web.fields import (
    CheckboxesField,
    EmailField,
    Form,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
)

# What the profile holds beyond what is asked on registering.
MORE = (
    "contact_email",
    "contact_phone",
    "website",
    "led_by",
    "safeguarding_lead",
    "data_protection_lead",
)
# In the order of the page.
NUMBER_FIELDS = {
    "charity_number": OF_CHARITIES,
    "company_number": (COMPANIES,),
    "society_number": (SOCIETIES,),
}
WEB_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")


def yes_or_no() -> list[SelectChoice]:
    """The choices of a yes-or-no question."""
    return [SelectChoice("yes", _("Yes")), SelectChoice("no", _("No"))]


class NumberField(TextField):
    """A number in a register; `read` gives the org-id of what is typed, or says what is wrong."""

    def __init__(self, label: Any, *, read: Callable[[str], str | None], **kwargs: Any):
        super().__init__(label, longest=40, **kwargs)
        self.read = read
        self.org_id: str | None = None

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        try:
            self.org_id = self.read(self.data or "")
        except WrongNumber as wrong:
            raise StopValidation(str(wrong)) from wrong


class AboutForm(Form):
    """What is asked of a provider first: on registering, and again in the profile."""

    name = TextField(
        _l("Name of the organisation"), [Required(_l("Enter the name of the organisation"))]
    )
    legal_form = RadioField(
        _l("What kind of organisation is it in law?"),
        [Required(_l("Select what kind of organisation it is"))],
        choices=[SelectChoice(each.value, label) for each, label in LEGAL_FORMS.items()],
    )
    charity_number = NumberField(
        _l("Charity number"),
        read=charity_org_id,
        description=_l("Like 1234567, SC012345 or NIC100012. Leave it empty if there is none"),
    )
    company_number = NumberField(
        _l("Company number"), read=company_org_id, description=_l("Like 01234567 or CE012345")
    )
    society_number = NumberField(
        _l("Registered society number"), read=society_org_id, description=_l("Like 27667R")
    )
    income_band = RadioField(
        _l("Income in your last finished year"),
        [Required(_l("Select your income in the last finished year"))],
        choices=[SelectChoice(each.value, label) for each, label in INCOME_BANDS.items()],
    )
    is_voluntary = RadioField(
        _l("Is it a voluntary, community or social enterprise organisation?"),
        description=_l(
            "Only for a company or a registered society: is it driven by its values, and does it "
            "reinvest its surplus? Charities, CIOs and CICs are, public bodies are not."
        ),
    )
    based_in = SelectField(_l("Where is it based?"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.is_voluntary.choices = yes_or_no()
        self.based_in.choices = [SelectChoice("", _("Select an area"))] + [
            SelectChoice(code, name) for code, name in area_choices()
        ]

    def about(self) -> dict[str, Any]:
        """The organisation's columns as filled in."""
        return {
            "name": self.name.data,
            "legal_form": LegalForm(self.legal_form.data),
            "org_ids": sorted(each.org_id for each in self.numbers() if each.org_id),
            "income_band": IncomeBand(self.income_band.data),
            "is_voluntary": VOLUNTARY_BY_LAW.get(
                LegalForm(self.legal_form.data), self.is_voluntary.data == "yes"
            ),
            "based_in": self.based_in.data or None,
        }

    def validate_is_voluntary(self, field: RadioField) -> None:
        # Of an unanswered legal form nothing is known yet: it has its own sentence.
        asked = self.legal_form.data and self.legal_form.data not in VOLUNTARY_BY_LAW
        if asked and not field.data:
            raise ValidationError(
                _("Select yes if it is driven by its values and reinvests its surplus")
            )

    def numbers(self) -> tuple[NumberField, ...]:
        """The fields of register numbers."""
        return self.charity_number, self.company_number, self.society_number

    def validate_charity_number(self, field: NumberField) -> None:
        if field.data and self.legal_form.data == LegalForm.CIC:
            raise ValidationError(
                _(
                    "A community interest company cannot be a charity. Take the charity number "
                    "out, or choose another kind of organisation"
                )
            )

    def say_taken(self, taken: NumberTaken) -> None:
        """Show beside its field that another organisation has this number."""
        for field, registers in zip(self.numbers(), NUMBER_FIELDS.values(), strict=True):
            if taken.register in registers:
                field.errors = [str(taken)]


class ProfileForm(AboutForm):
    """The whole profile."""

    areas = CheckboxesField(
        _l("Areas where you work"), [Required(_l("Select at least one area where you work"))]
    )
    contact_email = EmailField(
        _l("Public email address"),
        longest=254,
        description=_l("Shown in the register and the directory. Better not one person’s own"),
    )
    contact_phone = TextField(_l("Public telephone number"), longest=40)
    website = TextField(_l("Website"), description=_l("Starts with https:// or http://"))
    led_by = LongTextField(
        _l("Led by and for"),
        description=_l(
            "If the people you support also lead the organisation, say who: for example women, or "
            "people who have been on probation"
        ),
        longest=1000,
    )
    safeguarding_lead = TextField(_l("Safeguarding lead"))
    data_protection_lead = TextField(_l("Data protection lead"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.areas.choices = [SelectChoice(code, name) for code, name in area_choices()]

    def validate_website(self, field: TextField) -> None:
        if field.data and not WEB_ADDRESS.fullmatch(field.data):
            raise ValidationError(_("Enter a web address that starts with https:// or http://"))

    def profile(self) -> dict[str, Any]:
        """The organisation's columns as filled in; an empty answer is None."""
        return self.about() | {name: self[name].data or None for name in MORE}


def profile_form(organisation: Organisation) -> ProfileForm:
    """The profile as it stands, for changing it."""
    same = ("name", "legal_form", "income_band", "based_in", *MORE)
    return ProfileForm(
        data={name: getattr(organisation, name) for name in same}
        | {
            **{
                name: number_in(organisation.org_ids, *registers)
                for name, registers in NUMBER_FIELDS.items()
            },
            "is_voluntary": "yes" if organisation.is_voluntary else "no",
            "areas": [each.area_code for each in organisation.areas],
        }
    )


class NewOrganisationForm(OnceForm):
    """An organisation made by an administrator."""

    name = TextField(
        _l("Name of the organisation"), [Required(_l("Enter the name of the organisation"))]
    )
    kind = RadioField(
        _l("Kind of organisation"),
        [Required(_l("Select the kind of organisation"))],
        choices=[SelectChoice(each.value, label) for each, label in ORGANISATION_KINDS.items()],
    )
    region_code = SelectField(_l("Probation region"))
    area_code = SelectField(_l("Police and crime commissioner area"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        none = [SelectChoice("", _("None"))]
        self.region_code.choices = none + [SelectChoice(*each) for each in region_choices()]
        self.area_code.choices = none + [SelectChoice(*each) for each in area_choices()]

    def validate_region_code(self, field: SelectField) -> None:
        if self.kind.data == OrganisationKind.REGION and not field.data:
            raise ValidationError(_("Select which probation region it is"))

    def validate_area_code(self, field: SelectField) -> None:
        if self.kind.data == OrganisationKind.PCC and not field.data:
            raise ValidationError(_("Select which police and crime commissioner area it is"))
