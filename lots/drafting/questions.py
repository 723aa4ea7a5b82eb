"""The questions of a draft: added, changed, moved, removed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from lots.drafting.actions import draft, wrote
from lots.drafting.drafts import Overtaken, fingerprint
from lots.models import Lot, LotQuestion
from marketplace import audit
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal

FIELDS = ("text", "guidance", "word_limit", "criterion_id", "risk", "why", "concept")


class Gone(Refusal):
    """Somebody else removed the question meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else removed this question. What you typed is still below and has not "
                "been saved. Save it to ask the question again."
            )
        )


def add_question(lot_id: UUID, values: dict[str, Any], by: Acting) -> None:
    """Ask bidders one question more, after the others."""
    lot = draft(lot_id, by)
    position = max((question.position for question in lot.questions), default=0) + 1
    lot.questions.append(LotQuestion(position=position, **_criterion_of(lot, values)))
    wrote(lot, by)
    audit.record("lot:question_added", subject=lot, by=by, facts={"position": position})


def change_question(
    lot_id: UUID, question_id: UUID, values: dict[str, Any], seen: str, by: Acting
) -> None:
    """Save one question; raises Overtaken where somebody else saved it since, Gone if removed."""
    lot = draft(lot_id, by)
    question = question_of(lot, question_id)
    held = question_values(question)
    if fingerprint(held) != seen:
        raise Overtaken()
    new = _criterion_of(lot, values)
    changed = [name for name in new if new[name] != held[name]]
    for name in changed:
        setattr(question, name, new[name])
    if changed:
        wrote(lot, by)
        audit.record("lot:question_changed", subject=lot, by=by, fields=changed)


def move_question(lot_id: UUID, question_id: UUID, up: bool, by: Acting) -> None:
    """Change places with the question before or after; at the end nothing moves."""
    lot = draft(lot_id, by)
    ordered = list(lot.questions)
    index = ordered.index(question_of(lot, question_id))
    other = index - 1 if up else index + 1
    if not 0 <= other < len(ordered):
        return
    first, second = ordered[index], ordered[other]
    positions = first.position, second.position
    # Two rows never hold the same position, not even between two statements.
    first.position = max(each.position for each in ordered) + 1
    db.session.flush()
    second.position = positions[0]
    db.session.flush()
    first.position = positions[1]
    wrote(lot, by)
    audit.record("lot:question_moved", subject=lot, by=by, facts={"position": positions[1]})


def remove_question(lot_id: UUID, question_id: UUID, by: Acting) -> None:
    """Take a question out of a draft."""
    lot = draft(lot_id, by)
    question = question_of(lot, question_id)
    wrote(lot, by)
    audit.record("lot:question_removed", subject=lot, by=by, facts={"position": question.position})
    lot.questions.remove(question)


def question_values(question: LotQuestion) -> dict[str, Any]:
    """What a question's page holds."""
    return {name: getattr(question, name) for name in FIELDS}


def question_of(lot: Lot, question_id: UUID) -> LotQuestion:
    """The question of this lot; raises Gone where there is none."""
    for question in lot.questions:
        if question.id == question_id:
            return question
    raise Gone()


def _criterion_of(lot: Lot, values: dict[str, Any]) -> dict[str, Any]:
    if values["criterion_id"] not in {criterion.id for criterion in lot.criteria}:
        raise Refusal(_("The criterion of this question has been removed. Choose another one."))
    return values
