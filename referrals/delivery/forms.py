"""The form of the initial assessment."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.web.fields import DateField, LongTextField, RadioField, Required
from referrals.delivery.models import METHODS
from referrals.drafts.base import choices
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
