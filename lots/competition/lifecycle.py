"""The steps of a bidder's question and of a change."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lots.competition.models import Clarification, LotChange
from lots.competition.permissions import CompetitionPermission
from lots.competition.vocabulary import (
    CHANGE_STATES,
    CLARIFICATION_STATES,
    ChangeState,
    ClarificationState,
)
from marketplace.lifecycle import Lifecycle, Step, lifecycles


def has_answer(clarification: Clarification) -> Any:
    """A question is published with its answer, never without."""
    if clarification.answer.strip() and clarification.wording.strip():
        return None
    return _("Write the answer, and the question as everybody will read it.")


ANSWER = Step(
    "answer",
    frm=(ClarificationState.ASKED,),
    to=ClarificationState.ANSWERED,
    label=_l("Publish question and answer"),
    permission=CompetitionPermission.ANSWER,
    guard=has_answer,
)
CLARIFICATION = Lifecycle("clarification", Clarification, CLARIFICATION_STATES, [ANSWER])

MAKE = Step(
    "make",
    frm=(ChangeState.PROPOSED,),
    to=ChangeState.MADE,
    label=_l("Approve the change"),
    permission=CompetitionPermission.APPROVE_CHANGE,
)
DROP = Step(
    "drop",
    frm=(ChangeState.PROPOSED,),
    to=ChangeState.DROPPED,
    label=_l("Do not make the change"),
    permission=CompetitionPermission.DROP_CHANGE,
)
CHANGE = Lifecycle("lot_change", LotChange, CHANGE_STATES, [MAKE, DROP])


def register(app: Flask) -> None:
    """List both among the application's lifecycles."""
    lifecycles(app).extend([CLARIFICATION, CHANGE])
