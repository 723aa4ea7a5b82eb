"""The steps of a notice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from lots.notices.models import Notice
from lots.notices.permissions import NoticePermission
from lots.notices.vocabulary import NOTICE_STATES, NoticeState
from marketplace.lifecycle import Lifecycle, Step

SEND = Step(
    "send",
    frm=(NoticeState.TO_SEND, NoticeState.REJECTED),
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
NOTICE = Lifecycle("notice", Notice, NOTICE_STATES, [SEND, ACCEPT, REJECT])
