"""The steps of a referral once it is sent."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step
from referrals.codes import REFERRAL_STATES, ReferralState
from referrals.models import Referral
from referrals.permissions import ReferralPermission

PLACE = Step(
    "place",
    frm=(ReferralState.WAITING,),
    to=ReferralState.SENT,
    label=_l("Give a place"),
)
ACCEPT = Step(
    "accept",
    frm=(ReferralState.SENT,),
    to=ReferralState.ACCEPTED,
    label=_l("Accept"),
    permission=ReferralPermission.RESPOND,
)
QUERY = Step(
    "query",
    frm=(ReferralState.SENT,),
    to=ReferralState.QUERY,
    label=_l("Ask a question"),
    permission=ReferralPermission.RESPOND,
)
REPLY = Step(
    "reply",
    frm=(ReferralState.QUERY,),
    to=ReferralState.SENT,
    label=_l("Reply to the question"),
    permission=ReferralPermission.REPLY,
)
DECLINE = Step(
    "decline",
    frm=(ReferralState.SENT, ReferralState.QUERY),
    to=ReferralState.DECLINED,
    label=_l("Decline"),
    permission=ReferralPermission.RESPOND,
)
START = Step(
    "start",
    frm=(ReferralState.ACCEPTED,),
    to=ReferralState.ACTIVE,
    label=_l("Record the initial assessment"),
    permission=ReferralPermission.DELIVER,
)
CONCLUDE = Step(
    "conclude",
    frm=(ReferralState.ACTIVE,),
    to=ReferralState.CONCLUDING,
    label=_l("Finish the sessions"),
    permission=ReferralPermission.DELIVER,
)
COMPLETE = Step(
    "complete",
    frm=(ReferralState.CONCLUDING,),
    to=ReferralState.COMPLETED,
    label=_l("Write the end of service report"),
    permission=ReferralPermission.DELIVER,
)
WITHDRAW = Step(
    "withdraw",
    frm=(
        ReferralState.WAITING,
        ReferralState.SENT,
        ReferralState.QUERY,
        ReferralState.ACCEPTED,
    ),
    to=ReferralState.WITHDRAWN,
    label=_l("Withdraw"),
    permission=ReferralPermission.END,
)
END_WAIT = Step(
    "end_wait",
    frm=(ReferralState.WAITING,),
    to=ReferralState.WITHDRAWN,
    label=_l("End the wait"),
)
END_EARLY = Step(
    "end_early",
    frm=(ReferralState.ACTIVE, ReferralState.CONCLUDING),
    to=ReferralState.ENDED_EARLY,
    label=_l("End early"),
    permission=ReferralPermission.END,
)

REFERRAL = Lifecycle(
    "referral",
    Referral,
    REFERRAL_STATES,
    (
        PLACE,
        ACCEPT,
        QUERY,
        REPLY,
        DECLINE,
        START,
        CONCLUDE,
        COMPLETE,
        WITHDRAW,
        END_WAIT,
        END_EARLY,
    ),
)
