"""Every step that a partner's part in a bid can take.

All are taken in the system's name: until the opening the audit trail names nobody
(bids/sealing.py). The actions ask for the permission themselves.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bids.partners.models import PARTNER_STATES, BidPartner, PartnerState
from bids.partners.permissions import PartnerPermission
from bids.permissions import BidPermission
from marketplace.lifecycle import Lifecycle, Step

TAKE_UP = Step(
    "take_up",
    frm=(PartnerState.INVITED,),
    to=PartnerState.TAKEN_UP,
    label=_l("Take it up"),
    permission=PartnerPermission.TAKE_UP,
)
DECLINE = Step(
    "decline", frm=(PartnerState.INVITED,), to=PartnerState.DECLINED, label=_l("Decline")
)
CONFIRM = Step(
    "confirm",
    frm=(PartnerState.TAKEN_UP,),
    to=PartnerState.CONFIRMED,
    label=_l("Confirm our part"),
    permission=PartnerPermission.CONFIRM,
)
CHANGE = Step(
    "change",
    frm=(PartnerState.CONFIRMED,),
    to=PartnerState.TAKEN_UP,
    label=_l("Change it, to be confirmed again"),
)
WITHDRAW_NAME = Step(
    "withdraw_name",
    frm=(PartnerState.TAKEN_UP, PartnerState.CONFIRMED),
    to=PartnerState.WITHDRAWN,
    label=_l("Withdraw our name"),
    permission=PartnerPermission.CONFIRM,
)
REMOVE = Step(
    "remove",
    frm=(
        PartnerState.INVITED,
        PartnerState.TAKEN_UP,
        PartnerState.CONFIRMED,
        PartnerState.DECLINED,
        PartnerState.WITHDRAWN,
    ),
    to=PartnerState.REMOVED,
    label=_l("Go on without this partner"),
    permission=BidPermission.WRITE,
)

PARTNER = Lifecycle(
    "bid_partner",
    BidPartner,
    PARTNER_STATES,
    [TAKE_UP, DECLINE, CONFIRM, CHANGE, WITHDRAW_NAME, REMOVE],
)
