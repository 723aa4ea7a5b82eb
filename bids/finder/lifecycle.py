"""The steps of an entry and of what two organisations write to each other."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from bids.finder.models import (
    ENTRY_STATES,
    THREAD_STATES,
    EntryState,
    FinderEntry,
    FinderThread,
    ThreadState,
)
from bids.finder.permissions import FinderPermission
from marketplace.lifecycle import Lifecycle, Step

TAKE_DOWN = Step(
    "take_down",
    frm=(EntryState.SHOWN,),
    to=EntryState.TAKEN_DOWN,
    label=_l("Take the entry down"),
    permission=FinderPermission.KEEP,
)
ENTRY = Lifecycle("finder_entry", FinderEntry, ENTRY_STATES, [TAKE_DOWN])

END = Step(
    "end",
    frm=(ThreadState.OPEN,),
    to=ThreadState.ENDED,
    label=_l("End the conversation"),
    permission=FinderPermission.TALK,
)
THREAD = Lifecycle("finder_thread", FinderThread, THREAD_STATES, [END])
