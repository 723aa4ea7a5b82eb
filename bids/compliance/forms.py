"""What officers fill in at the check, and a bidder who corrects."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bids.compliance.corrections import MOST_DAYS
from bids.compliance.models import FAULTS
from bids.models import SET_ASIDE_GROUNDS, SetAsideGround
from lots.forms import choices
from marketplace.files import UploadField
from marketplace.web.fields import (
    Form,
    HiddenField,
    LongTextField,
    OnceForm,
    RadioField,
    Required,
    WholeNumberField,
    Words,
)

MOST_WORDS = 300


class SetAsideForm(Form):
    """Why a bid does not go on."""

    ground = RadioField(
        _l("On which ground?"),
        [Required(_l("Select the ground"))],
    )
    reason = LongTextField(
        _l("Reason, as the bidder will read it"),
        [Required(_l("Enter the reason, as the bidder will read it"))],
        called=_l("Reason"),
    )

    def __init__(self, grounds: list[SetAsideGround]):
        super().__init__()
        self.ground.choices = choices({each: SET_ASIDE_GROUNDS[each] for each in grounds})


class AskForm(Form):
    """What the bidder is to correct, and by when."""

    fault = RadioField(
        _l("What is wrong?"),
        [Required(_l("Select what is wrong"))],
        choices=choices(FAULTS),
    )
    what = LongTextField(
        _l("What should the bidder send?"),
        [Required(_l("Enter what the bidder should send")), Words(MOST_WORDS)],
        called=_l("What the bidder should send"),
    )
    days = WholeNumberField(
        _l("How many working days does the bidder have?"),
        [Required(_l("Enter how many working days the bidder has"))],
        least=1,
        most=MOST_DAYS,
    )


class AnswerForm(Form):
    """The bidder's words; `correction` is the request that stood on the page."""

    words = LongTextField(
        _l("What do you correct?"),
        [Required(_l("Say in words what you correct")), Words(MOST_WORDS)],
        called=_l("What you correct"),
    )
    correction = HiddenField()


class CorrectionFileForm(OnceForm):
    """One file."""

    file = UploadField(_l("File"), [Required(_l("Choose a file"))])
