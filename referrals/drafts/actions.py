"""Writing a draft: begin, answer, add and drop services, delete."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, check
from referrals.drafted import ReferralDraft, ReferralDraftService
from referrals.drafts.expiring import KEPT_FOR
from referrals.drafts.over import missing
from referrals.drafts.routes import is_of_service, of_service, slug_of
from referrals.eligibility import offer
from referrals.permissions import ReferralPermission

MOST_SERVICES = 6


def begin_draft(
    contract_area_id: UUID, by: Acting, answers: dict[str, Any] | None = None
) -> ReferralDraft:
    """A new draft for this service, empty or with these answers.

    Raises Refused, NotYours, Refusal where the service is closed.
    """
    check(by, ReferralPermission.REFER)
    _takes_referrals(contract_area_id)
    now = clock.now()
    draft = ReferralDraft(
        id=new_id(),
        author_id=by.person_id,
        organisation_id=by.organisation_id,
        contract_area_id=contract_area_id,
        answers=json.dumps(answers or {}),
        started_at=now,
        expires_at=now + KEPT_FOR,
    )
    db.session.add(draft)
    audit.record("referral_draft:begin", subject=draft, by=by)
    return draft


def _takes_referrals(contract_area_id: UUID) -> None:
    offered = offer(contract_area_id)
    if offered is None:
        raise NotYours()
    if not offered.takes_referrals(clock.today()):
        raise Refusal(_("This service does not take referrals at present. Choose another one."))


def save_answers(draft_id: UUID, answers: dict[str, Any], by: Acting) -> None:
    """Store the answers to one question or several, by slug. Raises NotYours, Refused."""
    draft = _own(draft_id, by)
    draft.answers = json.dumps(json.loads(draft.answers) | answers)
    audit.record("referral_draft:answer", subject=draft, by=by, fields=sorted(answers))


def add_service(draft_id: UUID, contract_area_id: UUID, by: Acting) -> None:
    """Have the draft go to one more service; twice is once.

    Raises NotYours, Refused, Refusal where the service is closed or there are too many.
    """
    draft = _own(draft_id, by)
    further = _further(draft_id)
    if contract_area_id in {draft.contract_area_id, *(each.contract_area_id for each in further)}:
        return
    _takes_referrals(contract_area_id)
    if len(further) + 1 >= MOST_SERVICES:
        raise Refusal(
            _(
                "A draft can go to %(most)s services at most. Send it, then begin another.",
                most=MOST_SERVICES,
            )
        )
    position = max((each.position for each in further), default=1) + 1
    db.session.add(
        ReferralDraftService(
            id=new_id(), draft_id=draft_id, contract_area_id=contract_area_id, position=position
        )
    )
    audit.record(
        "referral_draft:add_service",
        subject=draft,
        by=by,
        facts={"contract_area": contract_area_id},
    )


def drop_service(draft_id: UUID, contract_area_id: UUID, by: Acting) -> None:
    """Take a service out of the draft, with what was answered for it; the shared facts stay.

    Raises NotYours, Refused, Refusal where it is the only one.
    """
    draft = _own(draft_id, by)
    further = _further(draft_id)
    answers = json.loads(draft.answers)
    if draft.contract_area_id == contract_area_id:
        if not further:
            raise Refusal(_("This is the only service. Delete the draft if you do not need it."))
        dropped = further[0]
        draft.contract_area_id = dropped.contract_area_id
        own = _own_answers(of_service(answers, dropped.position))
        answers = _without(_without(answers, 1), dropped.position) | own
    else:
        found = [each for each in further if each.contract_area_id == contract_area_id]
        if not found:
            return
        dropped = found[0]
        answers = _without(answers, dropped.position)
    draft.answers = json.dumps(answers)
    db.session.execute(delete(ReferralDraftService).where(ReferralDraftService.id == dropped.id))
    facts = {"contract_area": contract_area_id}
    audit.record("referral_draft:drop_service", subject=draft, by=by, facts=facts)


def _further(draft_id: UUID) -> list[ReferralDraftService]:
    return list(
        db.session.scalars(
            select(ReferralDraftService)
            .where(ReferralDraftService.draft_id == draft_id)
            .order_by(ReferralDraftService.position)
        )
    )


def _own_answers(answers: dict[str, Any]) -> dict[str, Any]:
    return {slug: answer for slug, answer in answers.items() if is_of_service(slug)}


def _without(answers: dict[str, Any], position: int) -> dict[str, Any]:
    own = {slug_of(slug, position) for slug in _own_answers(of_service(answers, position))}
    return {slug: answer for slug, answer in answers.items() if slug not in own}


def delete_draft(draft_id: UUID, by: Acting) -> None:
    """Delete a draft that will not be sent. Raises NotYours, Refused."""
    draft = _own(draft_id, by)
    audit.record("referral_draft:delete", subject=draft, by=by)
    db.session.delete(draft)


def _own(draft_id: UUID, by: Acting) -> ReferralDraft:
    draft = db.session.get(ReferralDraft, draft_id, with_for_update=True, populate_existing=True)
    if draft is None or draft.author_id != by.person_id:
        raise missing(draft_id, by)
    check(by, ReferralPermission.REFER, draft)
    return draft
