"""Recommendation, review, co-signature and decision."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from bids.awards.models import Reader
from bids.awards.reviewing import adds_words, others_read_more
from bids.awards.texts import Key, Told, only_takes_out
from marketplace.web.fields import (
    CheckboxField,
    Form,
    HiddenField,
    LongTextField,
    RadioField,
    Required,
    SelectChoice,
)

NONE = "none"


def choice_of_bids(names: list[tuple[UUID, str]]) -> list[SelectChoice]:
    """The ranked bids in their order, then no award."""
    offered = [SelectChoice(str(bid_id), name) for bid_id, name in names]
    return [*offered, SelectChoice(NONE, _("No award"))]


def recommendation_form(names: list[tuple[UUID, str]]) -> Form:
    """What the officer recommends, and why."""

    class RecommendationForm(Form):
        choice = RadioField(
            _l("What do you recommend?"),
            [Required(_l("Select what you recommend"))],
            choices=choice_of_bids(names),
        )
        reasons = LongTextField(
            _l("Why?"), [Required(_l("Enter your reasons"))], called=_l("Reasons")
        )

    return RecommendationForm()


def decision_form(names: list[tuple[UUID, str]], owes_none: str | None) -> Form:
    """The decision; `owes_none` is the one choice that needs no published reason."""

    class DecisionForm(Form):
        choice = RadioField(
            _l("What do you decide?"),
            [Required(_l("Select your decision"))],
            choices=choice_of_bids(names),
        )
        reason = LongTextField(_l("Reason, which is published"), called=_l("Reason"))
        seen = HiddenField()

        def validate(self, extra_validators: Any = None) -> bool:
            """Anything but the single first of the ranking owes the public a reason."""
            if self.choice.data and self.choice.data != owes_none:
                text = _l("Enter the reason. It will be published")
                self.reason.validators = [Required(text)]
            return super().validate(extra_validators)

    return DecisionForm()


def cosigning_form(names: list[tuple[UUID, str]], recommended: UUID | None) -> Form:
    """The bid that a co-signer agrees to; the recommended one unless they choose another."""

    class CosigningForm(Form):
        choice = RadioField(
            _l("To which bid do you agree?"),
            [Required(_l("Select the bid to which you agree"))],
            choices=[SelectChoice(str(bid_id), name) for bid_id, name in names],
            default=str(recommended) if recommended else None,
        )
        seen = HiddenField()
        agreed = CheckboxField(
            _l("I may sign for my organisation, and I sign for this award"),
            [Required(_l("Tick the box to sign"))],
        )

    return CosigningForm()


def chosen(form: Any) -> UUID | None:
    """The bid chosen; None for no award."""
    return None if form.choice.data == NONE else UUID(form.choice.data)


def review_form(listed: list[Told]) -> Any:
    """One field for each text that others will read, holding the text as it stands."""
    fields: dict[str, Any] = {}
    for told in listed:
        for reader in Reader:
            fields[_name(told, reader)] = LongTextField(
                _l("Text without what is taken out"),
                [_OnlyTakesOut(_panels(told, reader))],
                default=told.read_by(reader),
            )

    class ReviewForm(Form):
        def of(self, told: Told, reader: Reader) -> Any:
            """The field of one text."""
            return self[_name(told, reader)]

        def validate(self, extra_validators: Any = None) -> bool:
            """The others read nothing that the bidder itself does not."""
            if not super().validate(extra_validators):
                return False
            return all([self._beside(told) for told in listed])

        def _beside(self, told: Told) -> bool:
            own = self.of(told, Reader.BIDDER_REASON).data or ""
            field = self.of(told, Reader.OTHERS)
            text = told.others_beside(own, field.data or "")
            if text == own or only_takes_out(own, text):
                return True
            field.errors = [others_read_more()]
            return False

        def texts(self) -> dict[Key, str]:
            """Every text as it shall be read."""
            return {
                (told.criterion.id, reader): self.of(told, reader).data or ""
                for told in listed
                for reader in Reader
                if told.original(reader)
            }

    return type("ReviewFormOfBid", (ReviewForm,), fields)()


def _panels(told: Told, reader: Reader) -> str:
    return told.moderated.needed if reader is Reader.BIDDER_NEEDED else told.moderated.reason


def _name(told: Told, reader: Reader) -> str:
    return f"{reader}-{told.criterion.id}"


class _OnlyTakesOut:
    """Words may be taken out of the panel's text, none added."""

    def __init__(self, original: str):
        self.original = original

    def __call__(self, _form: Any, field: Any) -> None:
        if self.original != field.data and not only_takes_out(self.original, field.data or ""):
            raise ValidationError(adds_words())
