"""Challenging, recording a letter, answering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from bids.challenges.models import OUTCOMES, Outcome
from lots.forms import NOTE_LENGTH, choices
from lots.vocabulary import END_REASONS, EndReason
from marketplace.web.fields import (
    DateField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    SelectChoice,
    SelectField,
    TextField,
)

NOBODY = ""


class ChallengeForm(OnceForm):
    """What a bidder holds against an award."""

    reason = LongTextField(
        _l("What was done wrong, and what should be done instead?"),
        [Required(_l("Enter what was done wrong"))],
        called=_l("What was done wrong"),
    )


def letter_form(
    bidders: list[tuple[UUID, str]], today: date, problem: Callable[[date], str | None]
) -> Any:
    """A challenge that came by letter; the winner is not among `bidders`.

    `problem` says why a letter of a day pauses nothing.
    """

    class LetterForm(OnceForm):
        bid = SelectField(
            _l("Who challenges the award?"),
            choices=[
                SelectChoice(NOBODY, _("Somebody else")),
                *(SelectChoice(str(bid_id), name) for bid_id, name in bidders),
            ],
        )
        sender = TextField(_l("Who wrote it, if nobody of the list"))
        received = DateField(
            _l("On which day did it arrive?"), [Required(_l("Enter the day"))], default=today
        )
        reason = LongTextField(
            _l("What does it say?"), [Required(_l("Enter what the letter says"))]
        )

        def validate(self, extra_validators: Any = None) -> bool:
            """Somebody wrote it: a bidder, or a person or body with a name."""
            if self.bid.data == NOBODY:
                self.sender.validators = [Required(_l("Enter who wrote the letter"))]
            return super().validate(extra_validators)

        def validate_received(self, field: DateField) -> None:
            """It arrived within the standstill."""
            text = problem(field.data) if field.data else None
            if text:
                raise ValidationError(text)

        def bid_id(self) -> UUID | None:
            """The bid of whoever wrote; None where it was nobody of the bidders."""
            return UUID(self.bid.data) if self.bid.data else None

    return LetterForm()


def answer_form(upholds: bool) -> OnceForm:
    """The answer, and what follows from it; `upholds` for those who decide on awards."""
    offered = OUTCOMES if upholds else {Outcome.DISMISSED: OUTCOMES[Outcome.DISMISSED]}

    class AnswerForm(OnceForm):
        outcome = RadioField(
            _l("What do you decide?"),
            [Required(_l("Select what you decide"))],
            choices=choices(offered),
        )
        end_reason = SelectField(
            _l("Why is the lot cancelled?"),
            choices=[SelectChoice("", _("Select a reason")), *choices(END_REASONS)],
        )
        end_note = LongTextField(
            _l("Why, in words? Bidders and the public read it"), longest=NOTE_LENGTH
        )
        answer = LongTextField(
            _l("Your answer, which the challenger reads"),
            [Required(_l("Enter your answer"))],
            called=_l("Your answer"),
        )

        def validate(self, extra_validators: Any = None) -> bool:
            """A lot is cancelled for a coded reason, which its page shows."""
            if self.outcome.data == Outcome.CANCELLED:
                self.end_reason.validators = [Required(_l("Select why the lot is cancelled"))]
                self.end_note.validators = [Required(_l("Enter why the lot is cancelled"))]
            return super().validate(extra_validators)

        def decided(self) -> Outcome:
            """What was chosen."""
            return Outcome(self.outcome.data)

        def cancelled_for(self) -> EndReason | None:
            """The coded reason, where the lot is cancelled."""
            return EndReason(self.end_reason.data) if self.end_reason.data else None

    return AnswerForm()
