"""What is asked with each submission: the legal confirmations, and the hours it took."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bids.declarations import NO_EXCLUSION, EveryOne
from marketplace.web.fields import (
    CheckboxesField,
    HiddenField,
    OnceForm,
    SelectChoice,
    WholeNumberField,
)

MOST_HOURS = 2_000
DECLARATIONS = {
    "true": _l("What this bid says is true, and the people who answer for us have agreed to it"),
    "no_exclusion": NO_EXCLUSION,
    "no_conflict": _l("We have told the buyer of every conflict of interest that we have here"),
    "price_holds": _l("The price covers the full cost of the service and stands for 90 days"),
}


class SubmitForm(OnceForm):
    """The legal confirmations, never filled in beforehand; the hours are as the bidder likes."""

    declarations = CheckboxesField(
        _l("Confirm each statement"),
        [
            EveryOne(
                DECLARATIONS,
                _l("Confirm all of the statements. A bid cannot be submitted without them."),
            )
        ],
        choices=[SelectChoice(key, text) for key, text in DECLARATIONS.items()],
    )
    hours = WholeNumberField(
        _l("How many hours did you all spend on this bid?"),
        called=_l("The hours"),
        least=1,
        most=MOST_HOURS,
    )
    seen = HiddenField()
