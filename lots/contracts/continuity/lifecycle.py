"""Every step of a continuity act; none completes while a case is undecided."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select

from lots.contracts.continuity.models import (
    ACT_STATES,
    ActKind,
    ActState,
    ContinuityAct,
    ContinuityCase,
)
from lots.contracts.continuity.permissions import ContinuityPermission
from marketplace import clock
from marketplace.database import db
from marketplace.lifecycle import Lifecycle, Step, lifecycles


def undecided(act: ContinuityAct) -> int:
    """How many of its cases have no decision yet."""
    count = select(func.count()).where(
        ContinuityCase.act_id == act.id, ContinuityCase.decision.is_(None)
    )
    return db.session.scalar(count) or 0


def still_to_come(act: ContinuityAct) -> Any:
    """Notice is given for today or a later day."""
    if clock.today() <= act.effective_on:
        return None
    return _("The day on which this was to take effect has passed. Cancel it and give a new day.")


def every_case_decided(act: ContinuityAct) -> Any:
    """Nothing ends while a case is undecided (domain, section 7), nor before its day."""
    if clock.today() < act.effective_on:
        return _("This does not take effect before its day.")
    count = undecided(act)
    if not count:
        return None
    return ngettext(
        "This cannot take effect: %(num)s case is not decided yet.",
        "This cannot take effect: %(num)s cases are not decided yet.",
        count,
    )


def is_suspension(act: ContinuityAct) -> Any:
    """What has ended does not begin again."""
    return None if act.kind == ActKind.SUSPENSION else _("Only a suspended service can resume.")


GIVE_NOTICE = Step(
    "give_notice",
    frm=(ActState.PROPOSED,),
    to=ActState.NOTICED,
    label=_l("Give notice"),
    permission=ContinuityPermission.GIVE,
    guard=still_to_come,
)
TAKE_EFFECT = Step(
    "take_effect",
    frm=(ActState.NOTICED,),
    to=ActState.COMPLETED,
    label=_l("Take effect"),
    guard=every_case_decided,
)
CANCEL = Step(
    "cancel",
    frm=(ActState.PROPOSED, ActState.NOTICED),
    to=ActState.CANCELLED,
    label=_l("Cancel"),
    permission=ContinuityPermission.CANCEL,
)
RESUME = Step(
    "resume",
    frm=(ActState.COMPLETED,),
    to=ActState.RESUMED,
    label=_l("Resume the service"),
    permission=ContinuityPermission.RESUME,
    guard=is_suspension,
)
REPLACE = Step(
    "replace",
    frm=(ActState.PROPOSED, ActState.NOTICED, ActState.COMPLETED),
    to=ActState.REPLACED,
    label=_l("Replace by a later notice"),
)

ACT = Lifecycle(
    "continuity_act", ContinuityAct, ACT_STATES, [GIVE_NOTICE, TAKE_EFFECT, CANCEL, RESUME, REPLACE]
)


def register(app: Flask) -> None:
    """List the act's lifecycle among the application's."""
    lifecycles(app).append(ACT)
