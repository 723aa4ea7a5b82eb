"""Forms of contracts and claims."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.contracts import places
from lots.contracts.models import PAUSE_REASONS, ContractArea, PauseReason
from lots.contracts.partners.models import ContractAreaPartner
from marketplace import clock
from marketplace.web.fields import (
    CheckboxField,
    DateField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
    TextField,
    WholeNumberField,
)

QUERY_LENGTH = 1000
PARTNER = "partner_"


class SignForm(Form):
    """A typed name under the text that was shown, known by its hash."""

    name = TextField(_l("Type your full name"), [Required(_l("Type your full name to sign"))])
    authority = CheckboxField(
        _l("I have the authority to sign for my organisation, and I have read the text"),
        [Required(_l("Confirm that you have the authority to sign and have read the text"))],
    )
    seen = HiddenField()

    def __init__(self, own_name: str, **kwargs):
        super().__init__(**kwargs)
        self.own_name = own_name

    def validate_name(self, field: TextField) -> None:
        """The name signs only as the account holds it."""
        if _same(field.data or "") != _same(self.own_name):
            raise ValidationError(
                _("Type your name as it stands in your account: %(name)s", name=self.own_name)
            )


def _same(name: str) -> str:
    return " ".join(name.split()).casefold()


class ConfirmForm(Form):
    """One point of the mobilisation list."""

    evidence = TextField(
        _l("What shows it?"), [Required(_l("Say what shows it"))], called=_l("What shows it")
    )


class PlacesForm(Form):
    """The number of people that can be supported at once."""

    places = WholeNumberField(
        _l("Places"), [Required(_l("Enter the number of places, 0 if there are none"))]
    )

    def __init__(self, contracted: int, **kwargs):
        super().__init__(**kwargs)
        self.contracted = contracted

    def of_partners(self) -> dict[UUID, int]:
        """The partners' places, by the partner's id."""
        return {
            UUID(name.removeprefix(PARTNER)): field.data or 0
            for name, field in self._fields.items()
            if name.startswith(PARTNER)
        }

    def validate_places(self, field: WholeNumberField) -> None:
        """No more than the contract says."""
        if field.data is not None and field.data > self.contracted:
            raise ValidationError(places.beyond_contract(self.contracted))


def places_form(area: ContractArea, parts: Sequence[ContractAreaPartner]) -> PlacesForm:
    """The form of one area, with a field for each partner that works there."""
    fields: dict[str, Any] = {}
    shown: dict[str, int] = {}
    for part in parts:
        name = part.partner.organisation.name
        label = _("Of these, places with %(name)s", name=name)
        needed = [Required(_l("Enter the partner’s places, 0 if there are none"))]
        fields[f"{PARTNER}{part.partner_id}"] = WholeNumberField(label, needed)
        shown[f"{PARTNER}{part.partner_id}"] = part.places
    now = area.wanted_places if area.wanted_places is not None else area.places
    form: type[PlacesForm] = type("PlacesForm", (PlacesForm,), fields)
    return form(
        area.contracted_places,
        places=now if area.places_set_at else area.contracted_places,
        **shown,
    )


class PauseForm(Form):
    """Taking nobody new for a while."""

    reason = RadioField(
        _l("Why are you pausing?"),
        [Required(_l("Select why you are pausing"))],
        choices=[SelectChoice(str(reason), label) for reason, label in PAUSE_REASONS.items()],
    )
    until = DateField(
        _l("On which day will you take people again?"),
        [Required(_l("Enter the day on which you will take people again"))],
        called=_l("The day on which you take people again"),
    )

    def validate_until(self, field: DateField) -> None:
        """A return date lies ahead."""
        if field.data and field.data <= clock.today():
            raise ValidationError(_("The day on which you take people again must be in the future"))

    def day(self) -> date:
        """The first day on which people are taken again."""
        assert self.until.data is not None  # Required
        return self.until.data

    def why(self) -> PauseReason:
        """The reason chosen."""
        return PauseReason(self.reason.data)


class QueryForm(Form):
    """What the provider asks about a claim."""

    text = LongTextField(
        _l("What do you want to query?"),
        [Required(_l("Say what you want to query"))],
        called=_l("Your query"),
        longest=QUERY_LENGTH,
        show_count=True,
    )


class AnswerForm(Form):
    """The buyer's answer."""

    text = LongTextField(
        _l("Your answer"),
        [Required(_l("Enter your answer"))],
        longest=QUERY_LENGTH,
        show_count=True,
    )


class ApproveForm(Form):
    """Nothing but the press of the button, protected against forgery."""
