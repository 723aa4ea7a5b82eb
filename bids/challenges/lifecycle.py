"""Every step of a challenge."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bids.challenges.models import CHALLENGE_STATES, Challenge, ChallengeState
from bids.challenges.permissions import ChallengePermission
from marketplace.lifecycle import Lifecycle, Step

DISMISS = Step(
    "dismiss",
    frm=(ChallengeState.RECEIVED,),
    to=ChallengeState.DISMISSED,
    label=_l("Dismiss"),
    permission=ChallengePermission.DISMISS,
)
UPHOLD = Step(
    "uphold",
    frm=(ChallengeState.RECEIVED,),
    to=ChallengeState.UPHELD,
    label=_l("Uphold"),
    permission=ChallengePermission.UPHOLD,
)
END = Step(
    "end",
    frm=(ChallengeState.RECEIVED,),
    to=ChallengeState.ENDED,
    label=_l("End with the award it was about"),
)

CHALLENGE = Lifecycle("challenge", Challenge, CHALLENGE_STATES, [DISMISS, UPHOLD, END])
