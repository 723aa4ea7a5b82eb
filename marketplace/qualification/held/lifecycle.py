"""The steps of a qualification that is held, and of the notice before it is removed."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace import clock
from marketplace.calendar import day_of
from marketplace.lifecycle import Lifecycle, Step
from marketplace.qualification.held.models import (
    NOTICE_STATES,
    NoticeState,
    RemovalNotice,
)
from marketplace.qualification.models import (
    QUALIFICATION_STATES,
    Qualification,
    QualificationState,
)
from marketplace.qualification.permissions import QualificationPermission

HELD = (QualificationState.QUALIFIED, QualificationState.SUSPENDED)


def right_to_answer_used(notice: RemovalNotice) -> str | None:
    """Nothing is removed before the organisation has answered or its time to do so has ended."""
    judged = day_of(clock.judged_now())
    if notice.state is NoticeState.ANSWERED or judged > notice.answer_by:
        return None
    return _("The organisation can still answer the notice. Decide after that.")


def still_in_time(notice: RemovalNotice) -> str | None:
    """An answer counts until the end of the last day."""
    if day_of(clock.judged_now()) <= notice.answer_by:
        return None
    return _("The time to answer has ended. Write to the framework team instead.")


SUSPEND = Step(
    "suspend",
    frm=(QualificationState.QUALIFIED,),
    to=QualificationState.SUSPENDED,
    label=_l("Suspend"),
    permission=QualificationPermission.SUPERVISE,
)
# By the framework team before its end; by the system on the day.
END_SUSPENSION = Step(
    "end_suspension",
    frm=(QualificationState.SUSPENDED,),
    to=QualificationState.QUALIFIED,
    label=_l("End the suspension"),
    permission=QualificationPermission.SUPERVISE,
)
# Not while suspended: who let it lapse could confirm it afresh, and be rid of the suspension.
LAPSE = Step(
    "lapse",
    frm=(QualificationState.QUALIFIED,),
    to=QualificationState.LAPSED,
    label=_l("Lapse, as nobody reconfirmed it"),
)
RECONFIRM = Step(
    "reconfirm",
    frm=(QualificationState.QUALIFIED, QualificationState.LAPSED),
    to=QualificationState.QUALIFIED,
    label=_l("Reconfirm"),
    permission=QualificationPermission.RECONFIRM,
)
RECONFIRM_SUSPENDED = Step(
    "reconfirm_suspended",
    frm=(QualificationState.SUSPENDED,),
    to=QualificationState.SUSPENDED,
    label=_l("Reconfirm while suspended"),
    permission=QualificationPermission.RECONFIRM,
)
REMOVE = Step(
    "remove",
    frm=(*HELD, QualificationState.LAPSED),
    to=QualificationState.REMOVED,
    label=_l("Remove"),
    permission=QualificationPermission.SUPERVISE,
)
REGAIN = Step(
    "regain",
    frm=(QualificationState.LAPSED, QualificationState.REMOVED),
    to=QualificationState.QUALIFIED,
    label=_l("Qualify again, by a new application"),
)

QUALIFICATION = Lifecycle(
    "qualification",
    Qualification,
    QUALIFICATION_STATES,
    [SUSPEND, END_SUSPENSION, LAPSE, RECONFIRM, RECONFIRM_SUSPENDED, REMOVE, REGAIN],
)

ANSWER = Step(
    "answer",
    frm=(NoticeState.SERVED,),
    to=NoticeState.ANSWERED,
    label=_l("Answer"),
    permission=QualificationPermission.SUBMIT,
    guard=still_in_time,
)
UPHOLD = Step(
    "uphold",
    frm=(NoticeState.SERVED, NoticeState.ANSWERED),
    to=NoticeState.UPHELD,
    label=_l("Remove"),
    permission=QualificationPermission.SUPERVISE,
    guard=right_to_answer_used,
)
DROP = Step(
    "drop",
    frm=(NoticeState.SERVED, NoticeState.ANSWERED),
    to=NoticeState.DROPPED,
    label=_l("Do not remove"),
    permission=QualificationPermission.SUPERVISE,
)

NOTICE = Lifecycle("removal_notice", RemovalNotice, NOTICE_STATES, [ANSWER, UPHOLD, DROP])
