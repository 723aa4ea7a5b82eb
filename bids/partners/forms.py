"""The forms of partners: whom to invite to what, and what a partner confirms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from bids.declarations import EveryOne
from bids.partners.parts import ALL_DECLARED, DECLARATIONS, MOST_WORDS, Part, area_choices
from lots.models import Lot
from marketplace.organisations.models import Organisation
from marketplace.web.fields import (
    CheckboxesField,
    EmailField,
    Form,
    HiddenField,
    LongTextField,
    MoneyField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    TextField,
    Words,
)

LONGEST_EMAIL = 254
BY_MAIL = "by_mail"


class _PartForm(Form):
    """A role, areas and a share; `edition` is that of the part as the page showed it."""

    role = LongTextField(
        _l("What does the partner do?"),
        [Required(_l("Enter what the partner does")), Words(MOST_WORDS)],
        called=_l("What the partner does"),
    )
    areas = CheckboxesField(_l("In which areas?"), [Required(_l("Select at least one area"))])
    share = MoneyField(
        _l("Its share in pounds over the initial term"),
        [Required(_l("Enter the share in pounds, or 0"))],
        called=_l("The share"),
    )
    edition = HiddenField(default="0")

    def offer(self, lot: Lot) -> None:
        """Offer the areas of the lot."""
        self.areas.choices = [SelectChoice(*choice) for choice in area_choices(lot)]
        if len(self.areas.choices) == 1 and "share" not in request.form:
            self.areas.data = [self.areas.choices[0].value]

    def show(self, part: Part, edition: int) -> None:
        """Fill the form with a part."""
        offered = {choice.value for choice in self.areas.choices}
        self.role.data, self.share.data = part.role, part.pence
        self.areas.data = [code for code in part.areas if code in offered]
        self.edition.data = str(edition)

    def part(self, declarations: Sequence[str] = ()) -> Part:
        """The part as filled in."""
        return Part(
            self.role.data or "",
            tuple(self.areas.data or []),
            self.share.data or 0,
            tuple(declarations),
        )


class ProposalForm(_PartForm):
    """What the lead proposes to a partner."""


class InviteForm(_PartForm, OnceForm):
    """Whom to invite: by name first, then one of those found or whoever reads an address."""

    name = TextField(
        _l("Name of the organisation"),
        [Required(_l("Enter the name of the organisation, or a part of it"))],
    )
    chosen = RadioField(_l("Which organisation?"), [Required(_l("Select the organisation"))])
    email = EmailField(_l("Email address of somebody there"), longest=LONGEST_EMAIL)

    def find(self, found: Sequence[Organisation]) -> None:
        """Offer those found by name, and to invite by mail."""
        self.chosen.choices = [
            *(SelectChoice(str(each.id), each.name) for each in found),
            SelectChoice(BY_MAIL, _("Another: invite it by email")),
        ]
        if not found and not self.chosen.data:
            self.chosen.data = BY_MAIL

    def validate_email(self, field: Any) -> None:
        """An organisation that is not here needs an address."""
        if self.chosen.data == BY_MAIL and not field.data:
            raise ValidationError(_("Enter the email address of somebody there"))

    def organisation_id(self) -> UUID | None:
        """The organisation chosen; None where it is invited by mail."""
        return None if self.chosen.data == BY_MAIL else UUID(self.chosen.data)


class ConfirmForm(_PartForm):
    """What a partner confirms, in its own words; the statements are never filled in beforehand."""

    role = LongTextField(
        _l("What will you do?"),
        [Required(_l("Enter what you will do")), Words(MOST_WORDS)],
        called=_l("What you will do"),
    )
    areas = CheckboxesField(_l("In which areas?"), [Required(_l("Select at least one area"))])
    share = MoneyField(
        _l("Your share in pounds over the initial term"),
        [Required(_l("Enter your share in pounds, or 0"))],
        called=_l("Your share"),
    )
    declarations = CheckboxesField(
        _l("Confirm each statement"),
        [EveryOne(DECLARATIONS, ALL_DECLARED)],
        choices=[SelectChoice(key, text) for key, text in DECLARATIONS.items()],
    )
