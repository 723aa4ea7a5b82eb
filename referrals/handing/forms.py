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
    Required,
)
from referrals.handing.queries import Ticks


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
