"""What becomes of a file: every step is the scanner's, none a person's."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from marketplace.files.models import FILE_STATES, File, FileState
from marketplace.lifecycle import Lifecycle, Step

UNJUDGED = (FileState.QUARANTINED, FileState.UNSCANNED)

CLEAR = Step("clear", frm=UNJUDGED, to=FileState.CLEAN, label=_l("No virus found"))
REMOVE = Step("remove", frm=UNJUDGED, to=FileState.INFECTED, label=_l("Virus found"))
# Where the scanner was taken away for good, what waits for it would wait for ever.
RELEASE = Step(
    "release",
    frm=(FileState.QUARANTINED,),
    to=FileState.UNSCANNED,
    label=_l("Release without a scan"),
)

FILE = Lifecycle("file", File, FILE_STATES, [CLEAR, REMOVE, RELEASE])
