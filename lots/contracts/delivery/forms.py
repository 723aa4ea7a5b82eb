"""Ending a price-and-places review."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from lots.contracts.delivery.vocabulary import ReviewState
from marketplace.web.fields import Form, LongTextField, RadioField, Required, SelectChoice


class ReviewForm(Form):
    """What came of the review."""

    outcome = RadioField(
        _l("What came of the review?"),
        [Required(_l("Select what came of the review"))],
        choices=[
            SelectChoice(str(ReviewState.AGREED), _l("A change is proposed")),
            SelectChoice(str(ReviewState.CLOSED), _l("Nothing changes")),
        ],
        hints={ReviewState.AGREED: _l("You have proposed it on the contract’s page")},
    )
    reason = LongTextField(
        _l("Why does nothing change?"),
        called=_l("The reason"),
        longest=1000,
        description=_l("Only where nothing changes. Both sides see it."),
    )

    def validate_reason(self, field: LongTextField) -> None:
        """Closing without a change needs its reason."""
        if self.outcome.data == ReviewState.CLOSED and not field.data:
            raise ValidationError(_("Enter why nothing changes"))
