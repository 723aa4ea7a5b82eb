"""The question bank's part of the demonstration world: a next version that is being written."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.acting import Role
from marketplace.database import db, write
from marketplace.demonstration.world import acting_for, days_ago, on_the_day
from marketplace.overtaken import fingerprint
from marketplace.questions import actions
from marketplace.questions.drafts import values_of
from marketplace.questions.models import QuestionSet, SetState
from marketplace.questions.vocabulary import QUALIFICATION, QuestionKind

VETTING_GUIDANCE = {
    "guidance": "Volunteers and peer mentors count too.",
    "guidance_cy": "Mae gwirfoddolwyr a mentoriaid cymheiriaid yn cyfrif hefyd.",
}
# Its Welsh is still to come, so the draft says what keeps it from being published.
LISTENING = {
    "concept": "listening",
    "kind": QuestionKind.CHOICE,
    "text": "Do the people you work with help to decide how you work?",
    "text_cy": "",
    "guidance": "",
    "guidance_cy": "",
    "why": "Services are better where those who use them have a say.",
    "why_cy": "",
    "risk": "A service suits its provider and not the people it is for",
    "risk_cy": "",
    "readers": ["framework_team"],
    "most_words": None,
    "options": [
        {"value": "board", "label": "Yes, some of them govern with us", "label_cy": ""},
        {"value": "asked", "label": "Yes, we ask them and act on it", "label_cy": ""},
        {"value": "plan", "label": "Not yet, but we have a plan", "label_cy": ""},
    ],
    "passes": ["board", "asked", "plan"],
    "needed": True,
    "legal": False,
    "only_if_concept": None,
    "only_if_values": [],
}


def build() -> None:
    """Begin the next version of what is asked of every organisation, unless it is begun."""
    drafts = select(QuestionSet.id).where(
        QuestionSet.purpose == QUALIFICATION, QuestionSet.state == SetState.DRAFT
    )
    with write():
        if db.session.scalar(drafts) is None:
            with on_the_day(days_ago(9)):
                _begin()


def _begin() -> None:
    manager = acting_for("national", Role.FRAMEWORK_MANAGER)
    draft = actions.start_draft(QUALIFICATION, manager)
    db.session.flush()
    vetting = next(each for each in draft.questions if each.concept == "vetting")
    held = values_of(vetting)
    actions.change_question(
        draft.id, vetting.id, held | VETTING_GUIDANCE, fingerprint(held), manager
    )
    actions.add_question(draft.id, LISTENING, manager)
