"""The questions about where the person is, when they are released, and who answers for them."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.web.fields import (
    DateField,
    EmailField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
)
from referrals.codes import ADDRESS_KNOWN, RELEASE_UNKNOWNS, WHEREABOUTS
from referrals.drafts.base import YES_OR_NO, QuestionForm, choices, is_phone


class AreaForm(QuestionForm):
    area = SelectField(
        _l("Which police area does the person live in, or will they be released to?"),
        [Required(_l("Select the area"))],
    )


class WhereaboutsForm(QuestionForm):
    whereabouts = RadioField(
        _l("Where is the person now?"),
        [Required(_l("Select where the person is now"))],
        choices=choices(WHEREABOUTS),
    )


class EstablishmentForm(QuestionForm):
    worded: ClassVar = ("prison",)
    prison = SelectField(
        _l("Which prison is the person in?"),
    )
    other_prison = TextField(
        _l("If it is not in the list, its name"), called=_l("Name of the prison")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and not self.prison.data and not self.other_prison.data:
            self.prison.errors = [_("Select the prison, or enter its name")]
        elif valid and self.prison.data and self.other_prison.data:
            self.other_prison.errors = [_("Select a prison or enter a name, not both")]
        return valid and not self.prison.errors and not self.other_prison.errors


class AllocatedForm(QuestionForm):
    allocated = RadioField(
        _l("Does the person have an allocated probation practitioner?"),
        [Required(_l("Select yes if a probation practitioner is allocated"))],
        description=_l("A practitioner in the community, not the prison offender manager."),
        choices=list(YES_OR_NO),
    )


class ReleasedForm(QuestionForm):
    released = RadioField(
        _l("Will the person be released while the service works with them?"),
        [Required(_l("Select yes if the person will be released while the work goes on"))],
        choices=[
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No, has just arrived and has needs now")),
        ],
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


class AddressForm(QuestionForm):
    has_address = RadioField(
        _l("Will the person have an address on release?"),
        [Required(_l("Select whether there is an address on release"))],
        choices=choices(ADDRESS_KNOWN),
    )


class OfficeForm(QuestionForm):
    reveals: ClassVar = {"is_known": {"yes": "office", "no": "office_unknown"}}
    worded: ClassVar = ("office",)
    is_known = RadioField(
        _l("Do you know which probation office the person will go to?"),
        [Required(_l("Select yes if you know the probation office"))],
        choices=list(YES_OR_NO),
    )
    office = SelectField(_l("Expected probation office"))
    office_unknown = TextField(_l("Why is it not known?"), called=_l("Why the office is not known"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        chosen = self.require_revealed("is_known", "yes", _("Select the probation office"))
        told = self.require_revealed("is_known", "no", _("Say why the office is not known"))
        return valid and chosen and told


class PractitionerForm(QuestionForm):
    worded: ClassVar = ("office",)
    name = TextField(_l("Your name"), [Required(_l("Enter your name"))])
    email = EmailField(_l("Your email address"), [Required(_l("Enter your email address"))])
    phone = TextField(_l("Your phone number"), [is_phone], longest=40)
    team_phone = TextField(_l("Your team’s phone number"), [is_phone], longest=40)
    delivery_unit = SelectField(
        _l("Probation delivery unit responsible for the person"),
        [Required(_l("Select the delivery unit"))],
    )
    office = SelectField(_l("Your probation office"))


class AllocatedDetailsForm(PractitionerForm):
    """Of somebody in prison: the practitioner in the community, whoever writes the referral."""

    name = TextField(
        _l("Name of the allocated probation practitioner"),
        [Required(_l("Enter the name of the allocated practitioner"))],
        called=_l("Name"),
    )
    email = EmailField(_l("Their email address"), [Required(_l("Enter their email address"))])
    phone = TextField(_l("Their phone number"), [is_phone], longest=40)
    team_phone = TextField(_l("Their team’s phone number"), [is_phone], longest=40)
    delivery_unit = SelectField(
        _l("Probation delivery unit responsible for the person"),
        [Required(_l("Select the delivery unit"))],
    )
    office = SelectField(_l("Their probation office"))


class MainContactForm(QuestionForm):
    reveals: ClassVar = {"based": {"prison": "prison", "office": "office"}}
    worded: ClassVar = ("prison", "office")
    name = TextField(_l("Name"), [Required(_l("Enter the name of the main point of contact"))])
    role = TextField(_l("Role or job title"), [Required(_l("Enter their role or job title"))])
    email = EmailField(_l("Email address"), [Required(_l("Enter their email address"))])
    phone = TextField(_l("Phone number"), [is_phone], longest=40)
    based = RadioField(
        _l("Where are they based?"),
        [Required(_l("Select where they are based"))],
        choices=[
            SelectChoice("prison", _l("At a prison")),
            SelectChoice("office", _l("At a probation office")),
        ],
    )
    prison = SelectField(_l("Which prison?"))
    office = SelectField(_l("Which probation office?"))
    delivery_unit = SelectField(
        _l("Probation delivery unit the person will be released to"),
        [Required(_l("Select the delivery unit"))],
    )
    before_allocation = LongTextField(
        _l("Why is the referral made before a practitioner is allocated?"),
        longest=1000,
        show_count=True,
        called=_l("Why before allocation"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        prison = self.require_revealed("based", "prison", _("Select their prison"))
        office = self.require_revealed("based", "office", _("Select their probation office"))
        return valid and prison and office
