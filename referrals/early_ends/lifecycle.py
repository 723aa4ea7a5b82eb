"""The steps of a proposal to end a case early."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step
from referrals.early_ends.models import PROPOSAL_STATES, EarlyEndProposal, ProposalState
from referrals.early_ends.permissions import EarlyEndPermission

AGREE = Step(
    "agree",
    frm=(ProposalState.OPEN,),
    to=ProposalState.AGREED,
    label=_l("Agree, and end the case"),
    permission=EarlyEndPermission.ANSWER,
)
REFUSE = Step(
    "refuse",
    frm=(ProposalState.OPEN,),
    to=ProposalState.REFUSED,
    label=_l("Disagree, the case goes on"),
    permission=EarlyEndPermission.ANSWER,
)
TAKE_BACK = Step(
    "take_back",
    frm=(ProposalState.OPEN,),
    to=ProposalState.TAKEN_BACK,
    label=_l("Take the proposal back"),
    permission=EarlyEndPermission.TAKE_BACK,
)
LAPSE = Step(
    "lapse",
    frm=(ProposalState.OPEN,),
    to=ProposalState.LAPSED,
    label=_l("Let the proposal lapse"),
)

EARLY_END = Lifecycle(
    "referral_early_end", EarlyEndProposal, PROPOSAL_STATES, (AGREE, REFUSE, TAKE_BACK, LAPSE)
)
