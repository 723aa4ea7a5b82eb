"""What is asked with each submission: the legal confirmations, and the hours it took."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bids.declarations import EveryOne
from bids.submitting.content import ALL_DECLARED, DECLARATIONS, MOST_HOURS
from marketplace.web.fields import (
    CheckboxesField,
    HiddenField,
    OnceForm,
    SelectChoice,
    WholeNumberField,
)


class SubmitForm(OnceForm):
    """The legal confirmations, never filled in beforehand; the hours are as the bidder likes."""

    declarations = CheckboxesField(
        _l("Confirm each statement"),
        [EveryOne(DECLARATIONS, ALL_DECLARED)],
        choices=[SelectChoice(key, text) for key, text in DECLARATIONS.items()],
    )
    hours = WholeNumberField(
        _l("How many hours did you all spend on this bid?"),
        called=_l("The hours"),
        least=1,
        most=MOST_HOURS,
    )
    seen = HiddenField()
