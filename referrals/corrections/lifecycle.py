"""The one step of a correction: it can be taken back."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step
from referrals.corrections.models import CORRECTION_STATES, Correction, CorrectionState
from referrals.corrections.permissions import CorrectionPermission

TAKE_BACK = Step(
    "take_back",
    frm=(CorrectionState.STANDS,),
    to=CorrectionState.TAKEN_BACK,
    label=_l("Let it count again as it was recorded"),
    permission=CorrectionPermission.TAKE_BACK,
)

CORRECTION = Lifecycle("referral_correction", Correction, CORRECTION_STATES, (TAKE_BACK,))
