"""The steps of a notice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lots.notices.models import Notice
from lots.notices.permissions import NoticePermission
from lots.notices.vocabulary import NOTICE_STATES, NoticeState
from marketplace.lifecycle import Lifecycle, Step

MEND = Step(
    "mend",
    frm=(NoticeState.INCOMPLETE,),
    to=NoticeState.TO_SEND,
    label=_l("Check it again"),
    permission=NoticePermission.RECORD,
)
SEND = Step(
    "send",
    frm=(NoticeState.INCOMPLETE, NoticeState.TO_SEND, NoticeState.REJECTED),
    to=NoticeState.SENT,
    label=_l("Record it as sent"),
    permission=NoticePermission.RECORD,
)
ACCEPT = Step(
    "accept",
    frm=(NoticeState.SENT,),
    to=NoticeState.ACCEPTED,
    label=_l("Record that it was accepted"),
    permission=NoticePermission.RECORD,
)
REJECT = Step(
    "reject",
    frm=(NoticeState.SENT,),
    to=NoticeState.REJECTED,
    label=_l("Record that it was rejected"),
    permission=NoticePermission.RECORD,
)
PLATFORM_DOWN = Step(
    "platform_down",
    frm=(NoticeState.TO_SEND,),
    to=NoticeState.TO_SEND,
    label=_l("Record that the platform cannot be reached"),
    permission=NoticePermission.RECORD,
)
ASK_REJECTION = Step(
    "ask_rejection",
    frm=(NoticeState.TO_SEND,),
    to=NoticeState.TO_SEND,
    label=_l("Have the practice platform reject it"),
    permission=NoticePermission.RECORD,
)
NOTICE = Lifecycle(
    "notice", Notice, NOTICE_STATES, [MEND, SEND, ACCEPT, REJECT, PLATFORM_DOWN, ASK_REJECTION]
)
