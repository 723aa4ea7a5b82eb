"""Every step a bid can take, and the two confirmations of an opening."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from bids.models import (
    BID_STATES,
    OPENING_STATES,
    WRITABLE,
    Bid,
    BidOpening,
    BidState,
    OpeningState,
)
from bids.permissions import BidPermission
from marketplace.lifecycle import Lifecycle, Step
from marketplace.qualification import queries as qualification
from marketplace.qualification.queries import Standing


def qualified_by_now(bid: Bid) -> Any:
    """Only a bidder qualified for the lot's service passes the compliance check."""
    bidder_id, asked = bid.organisation_id, bid.lot.service_code
    if bidder_id and qualification.standing(bidder_id, asked) is Standing.QUALIFIED:
        return None
    return _(
        "This organisation is not qualified for the service yet. Wait for the decision on its "
        "qualification, or set the bid aside where that decision was “not yet”."
    )


SUBMIT = Step(
    "submit",
    frm=WRITABLE,
    to=BidState.SUBMITTED,
    label=_l("Submit"),
    permission=BidPermission.SUBMIT,
)
WITHDRAW = Step(
    "withdraw",
    frm=(BidState.SUBMITTED,),
    to=BidState.WITHDRAWN,
    label=_l("Withdraw"),
    permission=BidPermission.SUBMIT,
)
OPEN = Step("open", frm=(BidState.SUBMITTED,), to=BidState.OPENED, label=_l("Open"))
PASS = Step(
    "pass",
    frm=(BidState.OPENED,),
    to=BidState.COMPLIANT,
    label=_l("Confirm that the bid meets the requirements"),
    permission=BidPermission.MANAGE,
    guard=qualified_by_now,
)
ASK_CORRECTION = Step(
    "ask_correction",
    frm=(BidState.OPENED,),
    to=BidState.CORRECTION,
    label=_l("Ask the bidder to correct"),
    permission=BidPermission.MANAGE,
)
CORRECT = Step(
    "correct",
    frm=(BidState.CORRECTION,),
    to=BidState.OPENED,
    label=_l("Send the correction"),
    permission=BidPermission.SUBMIT,
)
TAKE_REQUEST_BACK = Step(
    "take_request_back",
    frm=(BidState.CORRECTION,),
    to=BidState.OPENED,
    label=_l("Take the request back"),
    permission=BidPermission.MANAGE,
)
SET_ASIDE = Step(
    "set_aside",
    frm=(BidState.OPENED, BidState.CORRECTION, BidState.COMPLIANT),
    to=BidState.SET_ASIDE,
    label=_l("Set aside"),
    permission=BidPermission.MANAGE,
)
WIN = Step("win", frm=(BidState.COMPLIANT,), to=BidState.SUCCESSFUL, label=_l("Award"))
LOSE = Step(
    "lose",
    frm=(BidState.OPENED, BidState.CORRECTION, BidState.COMPLIANT),
    to=BidState.UNSUCCESSFUL,
    label=_l("Tell that the bid was unsuccessful"),
)
REVOKE = Step(
    "revoke",
    frm=(BidState.SUCCESSFUL,),
    to=BidState.UNSUCCESSFUL,
    label=_l("End with the lot, before the award was confirmed"),
)
REINSTATE = Step(
    "reinstate",
    frm=(BidState.SUCCESSFUL, BidState.UNSUCCESSFUL),
    to=BidState.COMPLIANT,
    label=_l("Take back into the evaluation, with the award"),
)
RECONSIDER = Step(
    "reconsider",
    frm=(BidState.SET_ASIDE,),
    to=BidState.OPENED,
    label=_l("Check again what was set aside"),
)

BID = Lifecycle(
    "bid",
    Bid,
    BID_STATES,
    [
        SUBMIT,
        WITHDRAW,
        OPEN,
        PASS,
        ASK_CORRECTION,
        CORRECT,
        TAKE_REQUEST_BACK,
        SET_ASIDE,
        WIN,
        LOSE,
        REVOKE,
        REINSTATE,
        RECONSIDER,
    ],
)


CONFIRM_SECOND = Step(
    "confirm_second",
    frm=(OpeningState.CONFIRMED_ONCE,),
    to=OpeningState.OPENED,
    label=_l("Confirm as the second person and open"),
    permission=BidPermission.OPEN,
)

OPENING = Lifecycle("bid_opening", BidOpening, OPENING_STATES, [CONFIRM_SECOND])
