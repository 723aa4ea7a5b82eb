"""Sending a referral: one transaction that takes a place or joins the waiting list.

It is the busiest write of the product, so it is few statements: the scarce row first, then the
draft is taken out of its table, which is also what makes a second press find nothing to send.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Date, bindparam, delete, exists, insert, select

from lots.contracts import places
from lots.contracts.models import Contract, ContractArea
from marketplace import audit, clock
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.tokens import email_hash
from marketplace.acting import Acting
from marketplace.areas.models import Area
from marketplace.categories.models import Service, ServiceNeed
from marketplace.database import db, new_id, tables
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import custody, notices
from referrals.drafted import ReferralDraft
from referrals.drafts import content
from referrals.drafts.content import stale_date
from referrals.drafts.queries import subject_of
from referrals.drafts.questions import chosen_needs, unanswered
from referrals.eligibility import OFFERS, Offer, does_not_fit, groups_named, misfits, offer_of
from referrals.models import (
    NamedPerson,
    Referral,
    ReferralNeed,
    ReferralOutcome,
)
from referrals.permissions import ReferralPermission
from referrals.waiting import may_be_placed

_draft = ReferralDraft.__table__.c
# The statements of the busiest write are built once.
_TAKEN_DRAFT = (
    delete(ReferralDraft.__table__)
    .where(
        _draft.id == bindparam("draft_id"),
        _draft.author_id == bindparam("of_author"),
        _draft.organisation_id == bindparam("of_organisation"),
        _draft.contract_area_id == bindparam("of_contract_area"),
    )
    .returning(_draft.answers)
)
_today: Any = bindparam("today", type_=Date)
_SERVICE_NOW = (
    OFFERS.add_columns(
        exists().where(Referral.contract_area_id == ContractArea.id, may_be_placed(_today)),
        select(Area.region_code)
        .where(Area.code == bindparam("area_code"), Area.in_force(_today))
        .scalar_subquery(),
        Service.cohort_code,
        ServiceNeed.category_code,
    )
    .outerjoin(Service, (Service.code == Contract.service_code) & Service.in_force(_today))
    .outerjoin(ServiceNeed, ServiceNeed.service_id == Service.id)
    .where(ContractArea.id == bindparam("contract_area_id"))
    .order_by(ServiceNeed.position)
)


@dataclass(frozen=True)
class ServiceNow:
    """A service as it stands now: what it offers and needs answered, for which groups of people.

    `regions` maps the area of the person to its region.
    """

    offer: Offer
    needs: list[str]
    groups: list[str]
    regions: dict[str, str]
    somebody_waits: bool


class DraftGone(Exception):
    """The draft is no longer there: it was sent a moment ago, or deleted."""


def send_referral(draft_id: UUID, contract_area_id: UUID, key: str, by: Acting) -> UUID:
    """Send a draft to the service it was written for; the id of the referral.

    Takes a place, or joins the waiting list where none is free, somebody waits already, or in
    prison it is too early for one. Raises
    DraftGone where there is nothing to send, Refusal where the service does not fit or an answer
    is missing, IntegrityError where the key was used or the reference is taken: then again.
    """
    check(by, ReferralPermission.REFER)
    today = clock.today()
    has_place = _take_place(contract_area_id)
    answers = _take_draft(draft_id, contract_area_id, by)
    service = _service_now(contract_area_id, answers, today)
    _refuse_misfit(service, answers, today)
    release_on = _release_on(answers)
    too_early = custody.reserve_from(release_on, service.offer, today)
    joins_queue = service.somebody_waits or not has_place or too_early is not None
    row = content.referral_row(answers, service.offer, key, by, joins_queue)
    row["reserve_from"] = too_early
    referral_id: UUID = row["id"]
    tables().execute(insert(Referral.__table__), row)
    _insert_details(referral_id, answers, service.needs, by)
    facts = {"to": row["state"], "contract_area": contract_area_id}
    audit.record("referral:send", subject=Referral(id=referral_id), by=by, facts=facts)
    if not joins_queue:
        custody.insert_clocks(referral_id, release_on, service.offer, today)
        notices.tell_of_new(
            referral_id,
            row["reference"],
            service.offer.provider_email,
            service.offer.provider_id,
        )
    elif has_place:
        # Somebody was waiting already, or it is too early: the place goes back, and to whoever is
        # first in the list.
        places.release(contract_area_id, by)
    return referral_id


def _release_on(answers: dict[str, Any]) -> date | None:
    told = content.release_on(answers)
    return date.fromisoformat(told) if told else None


def _take_place(contract_area_id: UUID) -> bool:
    if places.reserve(contract_area_id):
        return True
    # A place may be given back this very moment. Under the row's lock either it is seen here, or
    # whoever gives it back sees this person waiting.
    db.session.execute(
        select(ContractArea.id).where(ContractArea.id == contract_area_id).with_for_update()
    )
    return places.reserve(contract_area_id)


def _take_draft(draft_id: UUID, contract_area_id: UUID, by: Acting) -> dict[str, Any]:
    wanted = {
        "draft_id": draft_id,
        "of_author": by.person_id,
        "of_organisation": by.organisation_id,
        "of_contract_area": contract_area_id,
    }
    taken = tables().execute(_TAKEN_DRAFT, wanted).scalar_one_or_none()
    if taken is None:
        raise DraftGone()
    return json.loads(taken)


def _service_now(contract_area_id: UUID, answers: dict[str, Any], today: date) -> ServiceNow:
    area = answers.get("area", {}).get("area")
    wanted = {"contract_area_id": contract_area_id, "area_code": area, "today": today}
    rows = tables().execute(_SERVICE_NOW, wanted).all()
    if not rows:
        raise DraftGone()
    *offered, somebody_waits, region_code, group, _need = rows[0]
    groups = {each for each in (rows[0].cohort, group) if each is not None}
    return ServiceNow(
        offer=offer_of(offered),
        needs=[row.category_code for row in rows if row.category_code is not None],
        groups=sorted(groups),
        regions={} if region_code is None else {area: region_code},
        somebody_waits=somebody_waits,
    )


def _refuse_misfit(service: ServiceNow, answers: dict[str, Any], today: date) -> None:
    missing = unanswered(answers, service.needs)
    if missing:
        raise Refusal(
            _("Answer every question before you send. Missing: %(first)s.", first=missing[0].label)
        )
    problem = stale_date(answers, today)
    if problem:
        raise Refusal(problem)
    subject = subject_of(answers, service.regions)
    reasons = misfits(service.offer, groups_named(service.groups, today), subject, today)
    if reasons:
        raise Refusal(does_not_fit(reasons))


def _insert_details(
    referral_id: UUID, answers: dict[str, Any], needs: list[str], by: Acting
) -> None:
    chosen = chosen_needs(answers, needs)
    rows = tables()
    rows.execute(insert(ReferralNeed.__table__), content.need_rows(referral_id, answers, chosen))
    rows.execute(
        insert(ReferralOutcome.__table__), content.outcome_rows(referral_id, answers, chosen)
    )
    addresses = (answers["restricted"]["named"] or "").split()
    if addresses:
        _name_people(referral_id, addresses, by)


def _name_people(referral_id: UUID, addresses: list[str], by: Acting) -> None:
    hashes = {email_hash(address) for address in addresses}
    colleagues = set(
        db.session.scalars(
            select(Person.id)
            .join(Membership, Membership.person_id == Person.id)
            .where(Person.email_hash.in_(hashes), Membership.organisation_id == by.organisation_id)
        )
    )
    if len(colleagues) < len(hashes):
        raise Refusal(
            _(
                "Not every address of those who may see the case belongs to somebody in your "
                "organisation. Correct the addresses."
            )
        )
    named = [{"id": new_id(), "referral_id": referral_id, "person_id": each} for each in colleagues]
    db.session.execute(insert(NamedPerson.__table__), named)
