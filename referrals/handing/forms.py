"""The forms of handing over, of a deputy, and of moving cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import (
    CheckboxesField,
    EmailField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
)
from referrals.handing.queries import Ticks
from referrals.options import Option


def ids_in(text: str | None) -> list[UUID]:
    """The ids in a hidden field; what is none is left out."""
    found = []
    for each in (text or "").split():
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found


class RecipientForm(Form):
    """Who a case is handed to."""

    email = EmailField(
        _l("Work email address of the practitioner who takes over"),
        [Required(_l("Enter the email address of the practitioner who takes over"))],
        description=_l("Somebody of your organisation, or a practitioner of a probation region."),
        called=_l("Email address"),
    )


class TickForm(Form):
    """Which cases."""

    cases = CheckboxesField(_l("Which cases?"), [Required(_l("Select at least one case"))])

    def offer(self, found: Ticks) -> None:
        """Show these."""
        self.cases.choices, self.cases.hints = found.choices, found.hints

    @property
    def ids(self) -> list[UUID]:
        """The ids of those ticked, once it is valid."""
        return [UUID(each) for each in self.cases.data or []]


class HandForm(TickForm, RecipientForm):
    """Which cases, and who they are handed to."""


class ConfirmForm(Form):
    """The cases and the person that the page before has shown."""

    cases = HiddenField()
    person = HiddenField()

    def show(self, referral_ids: list[UUID], person_id: UUID) -> None:
        """Carry these."""
        self.cases.data = " ".join(map(str, referral_ids))
        self.person.data = str(person_id)


class DeputyForm(Form):
    """Who stands in for the practitioner."""

    email = EmailField(
        _l("Work email address of the colleague who stands in"),
        [Required(_l("Enter the email address of the colleague who stands in"))],
        description=_l("They can do everything that the practitioner of this case can."),
        called=_l("Email address"),
    )


def refused(form: Any, field: str, why: Any) -> None:
    """Say at a field why it was refused."""
    form[field].errors = [str(why)]


class TargetForm(Form):
    """Which service goes on with the cases that the page shows."""

    cases = HiddenField()
    area = HiddenField()
    target = RadioField(
        _l("Which service goes on?"), [Required(_l("Select the service that goes on"))]
    )

    def offer(self, options: list[Option]) -> None:
        """Show these services."""
        self.target.choices = [SelectChoice(str(each.id), each.label) for each in options]
        self.target.hints = {str(each.id): each.hint for each in options}


class AwayForm(Form):
    """What becomes of the case of somebody who moves away."""

    way = RadioField(
        _l("The person moves out of the area. How does the work go on?"),
        [Required(_l("Select how the work goes on"))],
        choices=[
            SelectChoice("remote", _l("The same provider finishes by phone or video")),
            SelectChoice("transfer", _l("A service in the new area goes on")),
            SelectChoice("close", _l("It ends here, and I send a copy to another service")),
        ],
        hints={
            "transfer": _l("Only services with a free place that fit are offered."),
            "close": _l("The place goes back at once. Nothing is typed again."),
        },
    )
    area = SelectField(_l("Where does the person move to?"))
    why = LongTextField(
        _l("What should the provider know?"),
        longest=1000,
        show_count=True,
        called=_l("What to know"),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """The new area for a move, words for going on from afar."""
        valid = super().validate(extra_validators)
        if self.way.data == "transfer" and not self.area.data:
            self.area.errors = [str(_l("Select where the person moves to"))]
            return False
        if self.way.data == "remote" and not (self.why.data or "").strip():
            self.why.errors = [str(_l("Say how the provider should go on"))]
            return False
        return valid
