"""What is written into a draft; each is one verb, and none commits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from lots.actions import locked
from lots.drafting import drafts
from lots.models import Lot, LotEditor, LotQuestion
from lots.permissions import LotPermission
from lots.references import fresh_reference
from lots.vocabulary import EDITABLE, Task
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.categories.queries import service
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from marketplace.permissions import NotYours, check


def _draft(lot_id: UUID, by: Acting) -> Lot:
    lot = locked(lot_id)
    check(by, LotPermission.DRAFT, lot)
    if lot.state not in EDITABLE:
        raise Refusal(_("This lot has been published or ended, so it can no longer be edited."))
    return lot


def _wrote(lot: Lot, by: Acting) -> None:
    """Remember an editor, once; the lot's lock keeps two of their requests apart."""
    db.session.merge(LotEditor(lot_id=lot.id, person_id=by.person_id))


def start_draft(title: str, service_code: str, by: Acting) -> Lot:
    """Begin a lot led by the organisation acted for."""
    check(by, LotPermission.DRAFT)
    buyer = db.session.get_one(Organisation, by.organisation_id)
    bought = service(service_code)
    lot = Lot(
        reference=fresh_reference(Lot, "LOT"),
        title=title,
        service_code=service_code,
        cohort=bought.cohort_code if bought else None,
        lead_buyer_id=buyer.id,
        is_demonstration=buyer.is_demonstration,
        drafted_by_id=by.person_id,
        created_at=clock.now(),
    )
    db.session.add(lot)
    db.session.flush()
    audit.record("lot:drafted", subject=lot, by=by, fields=["title", "service_code"])
    return lot


def save_page(lot_id: UUID, task: Task, values: dict[str, Any], seen: str, by: Acting) -> None:
    """Save one page of a draft; raises drafts.Overtaken where somebody else saved it since."""
    lot = _draft(lot_id, by)
    changed = drafts.put(lot, task, values, seen)
    if changed:
        _wrote(lot, by)
        audit.record("lot:edited", subject=lot, by=by, fields=changed)


def add_question(lot_id: UUID, values: dict[str, Any], by: Acting) -> None:
    """Ask bidders one question more, after the others."""
    lot = _draft(lot_id, by)
    position = max((question.position for question in lot.questions), default=0) + 1
    lot.questions.append(LotQuestion(position=position, **_criterion_of(lot, values)))
    _wrote(lot, by)
    audit.record("lot:question_added", subject=lot, by=by, facts={"position": position})


def change_question(
    lot_id: UUID, question_id: UUID, values: dict[str, Any], seen: str, by: Acting
) -> None:
    """Save one question; raises drafts.Overtaken where somebody else saved it since."""
    lot = _draft(lot_id, by)
    question = _question(lot, question_id)
    held = question_values(question)
    if drafts.fingerprint(held) != seen:
        raise drafts.Overtaken()
    new = _criterion_of(lot, values)
    changed = [name for name in new if new[name] != held[name]]
    for name in changed:
        setattr(question, name, new[name])
    if changed:
        _wrote(lot, by)
        audit.record("lot:question_changed", subject=lot, by=by, fields=changed)


def remove_question(lot_id: UUID, question_id: UUID, by: Acting) -> None:
    """Take a question out of a draft."""
    lot = _draft(lot_id, by)
    question = _question(lot, question_id)
    _wrote(lot, by)
    audit.record("lot:question_removed", subject=lot, by=by, facts={"position": question.position})
    lot.questions.remove(question)


def question_values(question: LotQuestion) -> dict[str, Any]:
    """What a question's page holds."""
    return {
        name: getattr(question, name) for name in ("text", "guidance", "word_limit", "criterion_id")
    }


def _question(lot: Lot, question_id: UUID) -> LotQuestion:
    for question in lot.questions:
        if question.id == question_id:
            return question
    raise NotYours()


def _criterion_of(lot: Lot, values: dict[str, Any]) -> dict[str, Any]:
    if values["criterion_id"] not in {criterion.id for criterion in lot.criteria}:
        raise Refusal(_("The criterion of this question has been removed. Choose another one."))
    return values
