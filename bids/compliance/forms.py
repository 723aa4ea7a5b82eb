"""What officers fill in at the check."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bids.models import SET_ASIDE_GROUNDS, SetAsideGround
from marketplace.web.fields import Form, LongTextField, RadioField, Required, SelectChoice


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
        self.ground.choices = [
            SelectChoice(each.value, SET_ASIDE_GROUNDS[each]) for each in grounds
        ]
