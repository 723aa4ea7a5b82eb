"""The steps of one version of a plan; who may take them is asked of the case it belongs to."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.lifecycle import Lifecycle, Step
from referrals.plans.models import PLAN_STATES, ActionPlan, PlanState

SEND = Step("send", frm=(PlanState.DRAFT,), to=PlanState.SENT, label=_l("Send the plan"))
REPLACE = Step(
    "replace",
    frm=(PlanState.SENT,),
    to=PlanState.REPLACED,
    label=_l("Replace by a newer version"),
)

PLAN = Lifecycle("referral_plan", ActionPlan, PLAN_STATES, (SEND, REPLACE))
