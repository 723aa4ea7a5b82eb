"""What a finished draft says, as the columns and rows of the referral that it becomes."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import new_id
from marketplace.references import referral_reference
from referrals import clocks
from referrals.codes import PRIORITY_RANKS, Priority, ReferralState, Whereabouts
from referrals.drafts.base import NONE_OF_THESE
from referrals.drafts.queries import crn_hash
from referrals.drafts.routes import (
    has_rar,
    in_custody,
    is_released,
    is_sentenced,
    is_unallocated,
    release_on,
    sentence_end,
)
from referrals.eligibility import Offer
from referrals.models import ClockKind

# Under which a draft says which ended referral it copies.
COPIED_FROM = "copied-from"
RISK_PARTS = ("at_risk", "when_greatest", "to_self", "other")


def stale_date(answers: dict[str, Any], today: date) -> str | None:
    """What is wrong with the draft's dates by now, although each was right when typed."""
    complete_by = date.fromisoformat(answers["complete-by"]["complete_by"])
    if complete_by < today:
        return _("The completion date has passed. Change it before you send.")
    ends_on = sentence_end(answers)
    if ends_on and complete_by > date.fromisoformat(ends_on):
        return _("The completion date is after the end of the sentence. Change one of them.")
    releases_on = release_on(answers)
    if releases_on and date.fromisoformat(releases_on) <= today:
        return _("The expected release date has passed. Change it, or where the person is.")
    return None


def referral_row(
    answers: dict[str, Any],
    offered: Offer,
    send_key: str,
    by: Acting,
    joins_queue: bool,
    batch_id: UUID | None = None,
) -> dict[str, Any]:
    """The columns of the referral that these answers make, sent now.

    `answers` is what the draft says to this service (`routes.of_service`). A referral that
    `joins_queue` has no place yet; `batch_id` joins it to others sent from the same draft.
    """
    now = clock.now()
    releases_on = release_on(answers)
    priority = Priority(answers["priority"]["priority"])
    return {
        "id": new_id(),
        "reference": referral_reference(offered.service_code),
        "send_key": send_key,
        "state": ReferralState.WAITING if joins_queue else ReferralState.SENT,
        "contract_area_id": offered.contract_area_id,
        "provider_id": offered.provider_id,
        "service_code": offered.service_code,
        "organisation_id": by.organisation_id,
        "author_id": by.person_id,
        "owner_id": by.person_id,
        "batch_id": batch_id,
        "copied_from_id": UUID(answers[COPIED_FROM]) if COPIED_FROM in answers else None,
        "is_restricted": answers["restricted"]["is_restricted"] == "yes",
        "priority": priority,
        "priority_rank": PRIORITY_RANKS[priority],
        "needed_on": date.fromisoformat(releases_on) if releases_on else clock.today(),
        "sent_at": now,
        "placed_at": None if joins_queue else now,
        # The answer is due before anything else that starts with a place.
        "next_due_on": None if joins_queue else clocks.due(ClockKind.RESPONSE, clock.today()),
        **amendable(answers),
    }


def amendable(answers: dict[str, Any]) -> dict[str, Any]:
    """The columns that follow from the answers alone, whenever they are given."""
    return {
        **_person_columns(answers),
        **_place_columns(answers),
        **_practitioner_columns(answers),
        **_support_columns(answers),
        **_work_columns(answers),
    }


def _person_columns(answers: dict[str, Any]) -> dict[str, Any]:
    language = answers["language"]
    return {
        "crn": answers["crn"]["crn"],
        "crn_hash": crn_hash(answers["crn"]["crn"]),
        "name": answers["name"]["name"],
        "date_of_birth": answers["born"]["date_of_birth"],
        "sex": answers["sex"]["sex"],
        **{each: answers["contact"][each] or None for each in ("phone", "email", "safe_contact")},
        "language": language["other_language"] or language["language"],
    }


def _place_columns(answers: dict[str, Any]) -> dict[str, Any]:
    custody = in_custody(answers)
    prison = answers["establishment"] if custody else {}
    release = answers["release"] if is_released(answers) else {}
    office = answers["office"] if is_unallocated(answers) and is_released(answers) else {}
    return {
        "whereabouts": Whereabouts.CUSTODY if custody else Whereabouts.COMMUNITY,
        "prison": prison.get("prison_name") or prison.get("other_prison") or None,
        "is_unallocated": is_unallocated(answers),
        "release_on": release.get("release_on"),
        "release_unknown": release.get("release_unknown") or None,
        "has_address": answers["address"]["has_address"] if release else None,
        "expected_office": office.get("office_name") or office.get("office_unknown") or None,
    }


def _practitioner_columns(answers: dict[str, Any]) -> dict[str, Any]:
    unallocated = is_unallocated(answers)
    who = answers["main-contact" if unallocated else "practitioner"]
    return {
        "delivery_unit_code": who["delivery_unit"],
        "practitioner_name": who["name"],
        "practitioner_email": who["email"],
        "practitioner_phone": who["phone"] or None,
        "team_phone": who.get("team_phone") or None,
        "practitioner_role": who.get("role") or None,
        "practitioner_base": who.get("prison_name") or who.get("office_name") or None,
        "before_allocation": who.get("before_allocation") or None,
    }


def _support_columns(answers: dict[str, Any]) -> dict[str, Any]:
    commitments = answers["commitments"]
    flags = {
        "needs": _codes(answers["other-needs"]["needs"]),
        "access": _codes(answers["access"]["access"]),
        "times": _codes(commitments.get("times") or []),
    }
    risk = {name: answers["risk"].get(name) or "" for name in RISK_PARTS}
    return {
        "risk": json.dumps(risk | {"flags": _codes(answers["risk-flags"]["flags"])}),
        "support_flags": json.dumps(flags),
        "additional_needs": answers["other-needs"]["additional_needs"] or None,
        "accessibility": answers["access"]["accessibility"] or None,
        "interpreter_language": answers["interpreter"]["interpreter_language"] or None,
        "commitments": commitments["commitments"] or None,
    }


def _codes(chosen: list[str]) -> list[str]:
    return [code for code in chosen if code != NONE_OF_THESE]


def _work_columns(answers: dict[str, Any]) -> dict[str, Any]:
    sentence = answers["relevant-sentence"]["sentence"] if is_sentenced(answers) else None
    maximum = answers["rar"]["maximum"]
    return {
        "sentence_status": answers["sentence-status"]["status"],
        "relevant_sentence": sentence,
        "sentence_ends_on": sentence_end(answers),
        "rar_days": str(answers["rar-days"]["rar_days"]) if has_rar(answers) else "0",
        "rar_maximum": None if maximum is None else str(maximum),
        "complete_by": answers["complete-by"]["complete_by"],
        "reason": answers["reason"]["reason"],
        "aims": answers["reason"]["aims"],
    }


def need_rows(referral_id: UUID, answers: dict[str, Any], needs: list[str]) -> list[dict[str, Any]]:
    """The rows of the needs to be met."""
    return [
        {
            "id": new_id(),
            "referral_id": referral_id,
            "need_code": need,
            "complexity": answers[f"complexity-{need}"]["complexity"],
            "position": position,
        }
        for position, need in enumerate(needs)
    ]


def outcome_rows(
    referral_id: UUID, answers: dict[str, Any], needs: list[str]
) -> list[dict[str, Any]]:
    """The rows of the outcomes chosen for each need, in order."""
    chosen = [(need, code) for need in needs for code in answers[f"outcomes-{need}"]["outcomes"]]
    return [
        {
            "id": new_id(),
            "referral_id": referral_id,
            "need_code": need,
            "outcome_code": code,
            "position": position,
        }
        for position, (need, code) in enumerate(chosen)
    ]
