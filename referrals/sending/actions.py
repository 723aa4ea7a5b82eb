"""Sending a draft: one transaction that takes a place, or joins the waiting list, at each service.

It is the busiest write of the product, so it is few statements: the scarce rows first, several by
id, then the draft is taken out of its table, which is also what makes a second press find nothing
to send. A draft for several services makes one referral for each, or none at all.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, func, insert, select

from lots.contracts import places
from lots.contracts.models import ContractArea
from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id, tables
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import custody, notices
from referrals.drafted import ReferralDraft, ReferralDraftService
from referrals.drafts import content
from referrals.drafts.content import stale_date
from referrals.drafts.naming import colleagues_named
from referrals.drafts.questions import chosen_needs, unanswered
from referrals.drafts.routes import of_service, release_on
from referrals.eligibility import does_not_fit, groups_named, misfits, subject_of
from referrals.models import (
    NamedPerson,
    Referral,
    ReferralNeed,
    ReferralOutcome,
)
from referrals.permissions import ReferralPermission
from referrals.sending.offered import ServiceNow, service_now

_draft = ReferralDraft.__table__.c
_further = (
    select(func.count())
    .where(ReferralDraftService.draft_id == bindparam("draft_id"))
    .scalar_subquery()
)
# The statements of the busiest write are built once.
_TAKEN_DRAFT = (
    delete(ReferralDraft.__table__)
    .where(
        _draft.id == bindparam("draft_id"),
        _draft.author_id == bindparam("of_author"),
        _draft.organisation_id == bindparam("of_organisation"),
        _draft.contract_area_id == bindparam("of_contract_area"),
        _further == bindparam("further"),
        _draft.expires_at > bindparam("now"),
    )
    .returning(_draft.answers)
)


class DraftGone(Exception):
    """The draft is no longer there: it was sent a moment ago, deleted, or its time is over."""


@dataclass(frozen=True)
class Sending:
    """One service of a draft that is being sent, and what the draft says to it."""

    contract_area_id: UUID
    has_place: bool
    answers: dict[str, Any]
    send_key: str
    batch_id: UUID | None


def send_referral(draft_id: UUID, contract_area_id: UUID, by: Acting) -> UUID:
    """Send a draft to the one service it was written for; the id of the referral."""
    return send_referrals(draft_id, [contract_area_id], by)[0]


def send_referrals(draft_id: UUID, services: Sequence[UUID], by: Acting) -> list[UUID]:
    """Send a draft to its services, in the order it has them; the ids of the referrals.

    Each takes a place, or joins the waiting list where none is free, somebody waits already, or in
    prison it is too early for one. Raises DraftGone where there is nothing to send, Refusal where
    the draft has other services by now, one does not fit or an answer is missing, IntegrityError
    where a reference is taken: then again.
    """
    check(by, ReferralPermission.REFER)
    has_place = {each: _take_place(each) for each in sorted(services)}
    positions = _positions(draft_id, services, by) if len(services) > 1 else {services[0]: 1}
    answers = _take_draft(draft_id, services, by)
    batch_id = new_id() if len(services) > 1 else None
    return [
        _send(
            Sending(
                each,
                has_place[each],
                of_service(answers, positions[each]),
                str(draft_id) if number == 1 else f"{draft_id}:{number}",
                batch_id,
            ),
            by,
        )
        for number, each in enumerate(services, 1)
    ]


def _send(sending: Sending, by: Acting) -> UUID:
    today, answers = clock.today(), sending.answers
    service = service_now(sending.contract_area_id, answers, today)
    if service is None:
        raise DraftGone()
    _refuse_misfit(service, sending, today)
    released = release_on(answers)
    release = date.fromisoformat(released) if released else None
    too_early = custody.reserve_from(release, service.offer, today)
    joins_queue = service.somebody_waits or not sending.has_place or too_early is not None
    row = content.referral_row(
        answers, service.offer, sending.send_key, by, joins_queue, sending.batch_id
    )
    row["reserve_from"] = too_early
    referral_id: UUID = row["id"]
    tables().execute(insert(Referral.__table__), row)
    _insert_details(referral_id, answers, service.needs, by)
    facts = {"to": row["state"], "contract_area": sending.contract_area_id}
    audit.record("referral:send", subject=Referral(id=referral_id), by=by, facts=facts)
    if not joins_queue:
        custody.insert_clocks(referral_id, release, service.offer, today)
        offer = service.offer
        notices.tell_of_new(referral_id, row["reference"], offer.provider_email, offer.provider_id)
    elif sending.has_place:
        # Somebody was waiting already, or it is too early: the place goes back, and to whoever is
        # first in the list.
        places.release(sending.contract_area_id, by)
    return referral_id


def _take_place(contract_area_id: UUID) -> bool:
    if places.reserve(contract_area_id):
        return True
    # A place may be given back this very moment. Under the row's lock either it is seen here, or
    # whoever gives it back sees this person waiting.
    db.session.execute(
        select(ContractArea.id)
        .where(ContractArea.id == contract_area_id)
        .with_for_update(key_share=True)
    )
    return places.reserve(contract_area_id)


def _positions(draft_id: UUID, services: Sequence[UUID], by: Acting) -> dict[UUID, int]:
    """Which position each service has in the draft, which is locked so that none joins it."""
    own = select(ReferralDraft.id).where(
        ReferralDraft.id == draft_id, ReferralDraft.author_id == by.person_id
    )
    if db.session.scalar(own.with_for_update()) is None:
        raise DraftGone()
    further = select(ReferralDraftService.contract_area_id, ReferralDraftService.position).where(
        ReferralDraftService.draft_id == draft_id
    )
    found = {row[0]: row[1] for row in db.session.execute(further)}
    if set(found) != set(services[1:]):
        raise _other_services()
    return {services[0]: 1, **found}


def _other_services() -> Refusal:
    return Refusal(
        _("The services of this draft were changed on another page. Open the draft and check it.")
    )


def _take_draft(draft_id: UUID, services: Sequence[UUID], by: Acting) -> dict[str, Any]:
    wanted = {
        "draft_id": draft_id,
        "of_author": by.person_id,
        "of_organisation": by.organisation_id,
        "of_contract_area": services[0],
        "further": len(services) - 1,
        "now": clock.now(),
    }
    taken = tables().execute(_TAKEN_DRAFT, wanted).scalar_one_or_none()
    if taken is None:
        mine = select(ReferralDraft.id).where(
            ReferralDraft.id == draft_id,
            ReferralDraft.author_id == by.person_id,
            ReferralDraft.organisation_id == by.organisation_id,
            ReferralDraft.expires_at > wanted["now"],
        )
        raise DraftGone() if db.session.scalar(mine) is None else _other_services()
    return json.loads(taken)


def _refuse_misfit(service: ServiceNow, sending: Sending, today: date) -> None:
    missing = unanswered(sending.answers, service.needs)
    if missing:
        raise Refusal(
            _("Answer every question before you send. Missing: %(first)s.", first=missing[0].label)
        )
    problem = stale_date(sending.answers, today)
    if problem:
        raise Refusal(problem)
    subject = subject_of(sending.answers, service.regions)
    reasons = misfits(service.offer, groups_named(service.groups, today), subject, today)
    if not reasons:
        return
    said = does_not_fit(reasons)
    if sending.batch_id is not None:
        name = service.offer.provider_name
        said = _("%(provider)s: %(said)s Nothing was sent.", provider=name, said=said)
    raise Refusal(said)


def _insert_details(
    referral_id: UUID, answers: dict[str, Any], needs: list[str], by: Acting
) -> None:
    chosen = chosen_needs(answers, needs)
    rows = tables()
    rows.execute(insert(ReferralNeed.__table__), content.need_rows(referral_id, answers, chosen))
    rows.execute(
        insert(ReferralOutcome.__table__), content.outcome_rows(referral_id, answers, chosen)
    )
    restricted = answers["restricted"]
    named = restricted["named"] if restricted["is_restricted"] == "yes" else None
    colleagues = colleagues_named(named or "", by)
    if colleagues:
        people = [
            {"id": new_id(), "referral_id": referral_id, "person_id": each} for each in colleagues
        ]
        db.session.execute(insert(NamedPerson.__table__), people)
