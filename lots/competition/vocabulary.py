"""The fixed words of a competition: states of a question, kinds and states of a change."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class ClarificationState(StrEnum):
    """Whether a bidder's question has its answer."""

    ASKED = "asked"
    ANSWERED = "answered"


CLARIFICATION_STATES = {
    ClarificationState.ASKED: _l("Waiting for an answer"),
    ClarificationState.ANSWERED: _l("Answered"),
}


class ChangeKind(StrEnum):
    """What a change to an open lot means for bids (domain, section 4)."""

    COSMETIC = "cosmetic"
    CLARIFYING = "clarifying"
    MATERIAL = "material"
    MOVED = "moved"
    UNANSWERED = "unanswered"


CHANGE_KINDS = {
    ChangeKind.COSMETIC: _l("Correction of words"),
    ChangeKind.CLARIFYING: _l("Clarification"),
    ChangeKind.MATERIAL: _l("Material change"),
    ChangeKind.MOVED: _l("Later closing"),
    ChangeKind.UNANSWERED: _l("Later closing, because a question waited for its answer"),
}

# Those that somebody chooses on the page that changes an open lot.
CHOSEN_KINDS = {
    ChangeKind.COSMETIC: _l("Correction of spelling: every word stays"),
    ChangeKind.CLARIFYING: _l("Clarification: what is asked stays, and becomes clearer"),
    ChangeKind.MATERIAL: _l("Material change: bidders might answer or price it differently"),
}
CHOSEN_HINTS = {
    ChangeKind.COSMETIC: _l(
        "Bids stand. The change is made at once; everybody who follows or bids hears of it later."
    ),
    ChangeKind.CLARIFYING: _l(
        "Your decider approves it first. Bids stand. Everybody who follows or bids is told."
    ),
    ChangeKind.MATERIAL: _l(
        "Your decider approves it first. Whoever has submitted a bid is asked to confirm it, and "
        "closing moves."
    ),
}


class ChangeState(StrEnum):
    """How far a change has come."""

    PROPOSED = "proposed"
    MADE = "made"
    DROPPED = "dropped"


CHANGE_STATES = {
    ChangeState.PROPOSED: _l("Waiting for approval"),
    ChangeState.MADE: _l("Made"),
    ChangeState.DROPPED: _l("Not made"),
}
