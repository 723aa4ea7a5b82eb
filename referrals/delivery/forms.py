"""The forms of the work: the initial assessment, and the sessions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.clock import LONDON
from marketplace.web.fields import (
    DateField,
    Form,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    TimeField,
)
from referrals.delivery.models import ATTENDANCES, METHODS
from referrals.drafts.base import YES_OR_NO, choices
from referrals.outcomes.forms import OutcomesForm


class AssessmentForm(OutcomesForm):
    """The initial assessment."""

    held_on = DateField(
        _l("When was the assessment held?"),
        [Required(_l("Enter the day of the assessment"))],
        called=_l("Day of the assessment"),
    )
    method = RadioField(
        _l("How did you meet?"),
        [Required(_l("Select how you met"))],
        choices=choices(METHODS),
    )
    notes = LongTextField(
        _l("What did you find?"),
        [Required(_l("Enter what you found"))],
        longest=8000,
        called=_l("What you found"),
    )


class SessionForm(OnceForm):
    """When and how a session takes place."""

    day = DateField(_l("Day"), [Required(_l("Enter the day of the session"))])
    time = TimeField(_l("Time"), [Required(_l("Enter the time of the session"))])
    method = RadioField(
        _l("How will you meet?"),
        [Required(_l("Select how you will meet"))],
        choices=choices(METHODS),
    )

    @property
    def starts_at(self) -> datetime:
        """The moment as aware UTC; the day and time are London's."""
        assert self.day.data is not None and self.time.data is not None
        local = datetime.combine(self.day.data, self.time.data, LONDON)
        return local.astimezone(UTC)


class FeedbackForm(Form):
    """What came of a session."""

    attendance = RadioField(
        _l("Did the session happen?"),
        [Required(_l("Select whether the session happened"))],
        choices=choices(ATTENDANCES),
    )
    feedback = LongTextField(
        _l("What happened, or why did it not?"),
        [Required(_l("Enter what happened"))],
        longest=4000,
        called=_l("What happened"),
    )
    has_concern = RadioField(
        _l("Is there a concern the practitioner must know of now?"),
        [Required(_l("Select yes if there is a concern"))],
        choices=list(YES_OR_NO),
    )
    concern = LongTextField(_l("What is the concern?"), longest=4000, called=_l("Concern"))

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if self.has_concern.data == "yes" and not self.concern.data:
            self.concern.errors = [_("Enter what the concern is")]
            return False
        return valid
