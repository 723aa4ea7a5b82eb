"""Sending a referral: one transaction that takes a place or joins the waiting list.

It is the busiest write of the product, so it is few statements: the scarce row first, then the
draft is taken out of its table, which is also what makes a second press find nothing to send.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, exists, insert, select

from lots.contracts import places
from lots.contracts.models import ContractArea
from marketplace import audit, clock
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.tokens import email_hash
from marketplace.acting import Acting
from marketplace.areas.models import Area
from marketplace.categories.models import Service, ServiceNeed
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import clocks, notices
from referrals.codes import ReferralState
from referrals.drafts import content
from referrals.drafts.content import stale_date
from referrals.drafts.queries import subject_of
from referrals.drafts.questions import chosen_needs, unanswered
from referrals.eligibility import OFFERS, Offer, does_not_fit, groups_named, misfits, offer_of
from referrals.models import (
    NamedPerson,
    Referral,
    ReferralDraft,
    ReferralNeed,
    ReferralOutcome,
)
from referrals.permissions import ReferralPermission


class DraftGone(Exception):
    """The draft is no longer there: it was sent a moment ago, or deleted."""


def send_referral(draft_id: UUID, contract_area_id: UUID, key: str, by: Acting) -> UUID:
    """Send a draft to the service it was written for; the id of the referral.

    Takes a place, or joins the waiting list where none is free or somebody waits already. Raises
    DraftGone where there is nothing to send, Refusal where the service does not fit or an answer
    is missing, IntegrityError where the key was used or the reference is taken: then again.
    """
    check(by, ReferralPermission.REFER)
    today = clock.today()
    has_place = _take_place(contract_area_id)
    offered, somebody_waits = _offer_and_queue(contract_area_id)
    answers = _take_draft(draft_id, contract_area_id, by)
    needs, groups = _needs_and_groups(offered, today)
    _refuse_misfit(offered, needs, groups, answers, today)
    joins_queue = somebody_waits or not has_place
    row = content.referral_row(answers, offered, key, by, joins_queue)
    referral_id: UUID = row["id"]
    db.session.execute(insert(Referral.__table__), row)
    _insert_details(referral_id, answers, needs, by)
    facts = {"to": row["state"], "contract_area": contract_area_id}
    audit.record("referral:send", subject=Referral(id=referral_id), by=by, facts=facts)
    if not joins_queue:
        clocks.start(referral_id, clocks.AT_PLACING, today)
        notices.tell_of_new(
            referral_id, row["reference"], offered.provider_email, offered.provider_id
        )
    elif has_place:
        # Somebody was waiting already: the place goes back, and to whoever is first in the list.
        places.release(contract_area_id, by)
    return referral_id


def _take_place(contract_area_id: UUID) -> bool:
    if places.reserve(contract_area_id):
        return True
    # A place may be given back this very moment. Under the row's lock either it is seen here, or
    # whoever gives it back sees this person waiting.
    db.session.execute(
        select(ContractArea.id).where(ContractArea.id == contract_area_id).with_for_update()
    )
    return places.reserve(contract_area_id)


def _offer_and_queue(contract_area_id: UUID) -> tuple[Offer, bool]:
    waits = exists().where(
        Referral.contract_area_id == contract_area_id, Referral.state == ReferralState.WAITING
    )
    row = db.session.execute(
        OFFERS.add_columns(waits).where(ContractArea.id == contract_area_id)
    ).one_or_none()
    if row is None:
        raise DraftGone()
    return offer_of(row[:-1]), row[-1]


def _take_draft(draft_id: UUID, contract_area_id: UUID, by: Acting) -> dict[str, Any]:
    draft = ReferralDraft.__table__.c
    taken = db.session.execute(
        delete(ReferralDraft.__table__)
        .where(
            draft.id == draft_id,
            draft.author_id == by.person_id,
            draft.organisation_id == by.organisation_id,
            draft.contract_area_id == contract_area_id,
        )
        .returning(draft.answers)
    ).scalar_one_or_none()
    if taken is None:
        raise DraftGone()
    return json.loads(taken)


def _refuse_misfit(
    offered: Offer, needs: list[str], groups: list[str], answers: dict[str, Any], today: date
) -> None:
    missing = unanswered(answers, needs)
    if missing:
        raise Refusal(
            _("Answer every question before you send. Missing: %(first)s.", first=missing[0].label)
        )
    problem = stale_date(answers, today)
    if problem:
        raise Refusal(problem)
    area = answers["area"]["area"]
    region = db.session.scalar(
        select(Area.region_code).where(Area.code == area, Area.in_force(today))
    )
    subject = subject_of(answers, {area: region or ""})
    reasons = misfits(offered, groups_named(groups, today), subject, today)
    if reasons:
        raise Refusal(does_not_fit(reasons))


def _needs_and_groups(offered: Offer, today: date) -> tuple[list[str], list[str]]:
    rows = db.session.execute(
        select(ServiceNeed.category_code, Service.cohort_code)
        .join(Service, Service.id == ServiceNeed.service_id)
        .where(Service.code == offered.service_code, Service.in_force(today))
        .order_by(ServiceNeed.position)
    ).all()
    groups = {offered.cohort, *(cohort for _need, cohort in rows)} - {None}
    return [need for need, _cohort in rows], sorted(filter(None, groups))


def _insert_details(
    referral_id: UUID, answers: dict[str, Any], needs: list[str], by: Acting
) -> None:
    chosen = chosen_needs(answers, needs)
    db.session.execute(
        insert(ReferralNeed.__table__), content.need_rows(referral_id, answers, chosen)
    )
    db.session.execute(
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
