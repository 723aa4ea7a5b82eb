"""Every step of a continuity act; none completes while a case is undecided."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select

from lots.contracts.changes.endings import agreed_change, areas_ended, brings_end_forward
from lots.contracts.continuity.models import (
    ACT_STATES,
    ENDS_CONTRACT,
    ActKind,
    ActState,
    ContinuityAct,
    ContinuityCase,
    ends_its_contract,
    wants_decision,
)
from lots.contracts.continuity.permissions import ContinuityPermission
from lots.contracts.models import ContractState
from marketplace import clock
from marketplace.database import db
from marketplace.lifecycle import Lifecycle, Step, lifecycles

RUNS = (ContractState.MOBILISING, ContractState.LIVE)


def undecided(act: ContinuityAct) -> int:
    """How many of its cases have no decision yet; the end of a contract asks about every area."""
    count = select(func.count()).select_from(ContinuityCase).where(wants_decision())
    if act.kind in ENDS_CONTRACT:
        count = count.join(ContinuityAct, ContinuityAct.id == ContinuityCase.act_id).where(
            ContinuityAct.contract_id == act.contract_id, ContinuityAct.state == ActState.NOTICED
        )
    else:
        count = count.where(ContinuityCase.act_id == act.id)
    return db.session.scalar(count) or 0


def still_to_come(act: ContinuityAct) -> Any:
    """Notice is given for today or a later day of a contract that runs.

    What runs off already can still be stopped at once.
    """
    if act.contract.state not in RUNS and act.kind != ActKind.EMERGENCY:
        return _("Notice can be given once a contract is signed, until it ends.")
    if clock.today() <= act.effective_on:
        return None
    return _("The day on which this was to take effect has passed. Cancel it and give a new day.")


def every_case_decided(act: ContinuityAct) -> Any:
    """Nothing ends while a case is undecided (domain, section 7), nor before its day."""
    # A contract that runs out is there for the whole of its last day.
    if clock.today() < act.effective_on or (act.runs_out and clock.today() == act.effective_on):
        return _("This does not take effect before its day.")
    count = undecided(act)
    if not count:
        return None
    return ngettext(
        "This cannot take effect: %(num)s case is not decided yet.",
        "This cannot take effect: %(num)s cases are not decided yet.",
        count,
    )


def may_resume(act: ContinuityAct) -> Any:
    """What has ended does not begin again."""
    if act.kind != ActKind.SUSPENSION:
        return _("Only a suspended service can resume.")
    return None if act.contract.state in RUNS else _ends_already()


def may_be_taken_back(act: ContinuityAct) -> Any:
    """A notice is cancelled while its contract runs, and where nothing else still ends the area."""
    if act.state == ActState.PROPOSED:
        return None
    if act.contract.state not in RUNS:
        return _ends_already()
    if act.runs_out and act.contract.ends_on <= act.effective_on:
        return _(
            "The contract ends on this day as agreed. To let it go on, agree a later last day."
        )
    if act.kind == ActKind.AREA_LOSS and _whole_contract_ends(act):
        return _("The whole contract ends, and this area with it. Cancel that notice first.")
    change = agreed_change(act.contract.id)
    if change is None or not _says_the_same(act, areas_ended(change), brings_end_forward(change)):
        return None
    return _(
        "Change %(number)s, signed by both sides, ends the service here. The notice stands behind "
        "it. What was signed can be changed again once it is in force.",
        number=change.number,
    )


def _ends_already() -> str:
    return _("This contract is ending or has ended, so it does not take people again.")


def _says_the_same(act: ContinuityAct, ended: list[UUID], ends_contract: bool) -> bool:
    """Whether an act gives notice of just what a signed change ends; others give way to it."""
    if act.kind == ActKind.AREA_LOSS:
        return act.contract_area_id in ended
    return act.kind == ActKind.ENDING and ends_contract


def _whole_contract_ends(act: ContinuityAct) -> bool:
    ends = select(ContinuityAct.id).where(
        ContinuityAct.contract_id == act.contract.id, ends_its_contract()
    )
    return db.session.scalar(ends.limit(1)) is not None


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
    guard=may_be_taken_back,
)
RESUME = Step(
    "resume",
    frm=(ActState.COMPLETED,),
    to=ActState.RESUMED,
    label=_l("Resume the service"),
    permission=ContinuityPermission.RESUME,
    guard=may_resume,
)
REPLACE = Step(
    "replace",
    frm=(ActState.PROPOSED, ActState.NOTICED, ActState.COMPLETED),
    to=ActState.REPLACED,
    label=_l("Replace by a later notice"),
)

# The notice that replaced a suspension is cancelled: the suspension, which nobody lifted, goes on.
RESTORE = Step(
    "restore",
    frm=(ActState.REPLACED,),
    to=ActState.NOTICED,
    label=_l("Go on being suspended"),
)

ACT = Lifecycle(
    "continuity_act",
    ContinuityAct,
    ACT_STATES,
    [GIVE_NOTICE, TAKE_EFFECT, CANCEL, RESUME, REPLACE, RESTORE],
)


def register(app: Flask) -> None:
    """List the act's lifecycle among the application's."""
    lifecycles(app).append(ACT)
