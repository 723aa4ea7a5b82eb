"""Words of a panel: why seats are given up, what is declared, in which order one scores."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class LeftBecause(StrEnum):
    """Why a seat was given up."""

    INTEREST = "interest"
    TIE = "tie"
    REPLACED = "replaced"
    TAKEN_OFF = "taken_off"


LEFT_BECAUSE = {
    LeftBecause.INTEREST: _l("an interest was declared"),
    LeftBecause.TIE: _l("a role in an organisation that bids or is a partner in a bid"),
    LeftBecause.REPLACED: _l("replaced by somebody else"),
    LeftBecause.TAKEN_OFF: _l("taken off the panel"),
}


class Answer(StrEnum):
    """What an evaluator says of conflicts of interest."""

    NO = "no"
    PERHAPS = "perhaps"
    YES = "yes"


ANSWERS = {
    Answer.NO: _l("No, I have no conflict of interest"),
    Answer.PERHAPS: _l("Perhaps, I am not sure"),
    Answer.YES: _l("Yes, I have one"),
}


class GoesBy(StrEnum):
    """In which order an evaluator scores."""

    BID = "bid"
    CRITERION = "criterion"


class Mark(StrEnum):
    """When an evaluator who has not finished is written to: each mark once for each due day."""

    AHEAD = "ahead"
    LATE = "late"
    BUTTON = "button"
