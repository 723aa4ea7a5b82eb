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
from referrals.codes import PRIORITY_RANKS, Priority, ReferralState, Whereabouts
from referrals.drafts.queries import crn_hash
from referrals.eligibility import Offer

RISK_PARTS = ("at_risk", "when_greatest", "to_self")


def stale_date(answers: dict[str, Any], today: date) -> str | None:
    """What is wrong with the draft's dates by now, although each was right when typed."""
    complete_by = date.fromisoformat(answers["complete-by"]["complete_by"])
    if complete_by < today:
        return _("The completion date has passed. Change it before you send.")
    ends_on = answers["sentence"]["ends_on"]
    if ends_on and complete_by > date.fromisoformat(ends_on):
        return _("The completion date is after the end of the sentence. Change one of them.")
    releases_on = release_on(answers)
    if releases_on and date.fromisoformat(releases_on) <= today:
        return _("The expected release date has passed. Change it, or where the person is.")
    return None


def release_on(answers: dict[str, Any]) -> str | None:
    """The expected release date as stored, None in the community or where it is not known."""
    if answers["whereabouts"]["whereabouts"] != Whereabouts.CUSTODY:
        return None
    return answers["release"]["release_on"]


def referral_row(
    answers: dict[str, Any], offered: Offer, key: str, by: Acting, joins_queue: bool
) -> dict[str, Any]:
    """The columns of the referral that these answers make, sent now.

    A referral that `joins_queue` has no place yet.
    """
    now = clock.now()
    releases_on = release_on(answers)
    priority = Priority(answers["priority"]["priority"])
    return {
        "id": new_id(),
        "reference": referral_reference(offered.service_code),
        "send_key": key,
        "state": ReferralState.WAITING if joins_queue else ReferralState.SENT,
        "contract_area_id": offered.contract_area_id,
        "provider_id": offered.provider_id,
        "service_code": offered.service_code,
        "organisation_id": by.organisation_id,
        "author_id": by.person_id,
        "owner_id": by.person_id,
        "is_restricted": answers["restricted"]["is_restricted"] == "yes",
        "priority": priority,
        "priority_rank": PRIORITY_RANKS[priority],
        "needed_on": date.fromisoformat(releases_on) if releases_on else clock.today(),
        "sent_at": now,
        "placed_at": None if joins_queue else now,
        **_person_columns(answers),
        **_work_columns(answers),
    }


def _person_columns(answers: dict[str, Any]) -> dict[str, Any]:
    custody = answers["whereabouts"]["whereabouts"] == Whereabouts.CUSTODY
    release = answers["release"] if custody else {}
    language = answers["language"]
    return {
        "crn": answers["crn"]["crn"],
        "crn_hash": crn_hash(answers["crn"]["crn"]),
        "name": answers["name"]["name"],
        "date_of_birth": answers["born"]["date_of_birth"],
        "sex": answers["sex"]["sex"],
        **{each: answers["contact"][each] or None for each in ("phone", "email", "safe_contact")},
        "language": language["other_language"] or language["language"],
        "whereabouts": answers["whereabouts"]["whereabouts"],
        "prison": answers["prison"]["prison"] if custody else None,
        "release_on": release.get("release_on"),
        "release_unknown": release.get("release_unknown") or None,
    }


def _work_columns(answers: dict[str, Any]) -> dict[str, Any]:
    practitioner, risk = answers["practitioner"], answers["risk"]
    return {
        "delivery_unit_code": practitioner["delivery_unit"],
        "practitioner_name": practitioner["name"],
        "practitioner_email": practitioner["email"],
        "practitioner_phone": practitioner["phone"] or None,
        "risk": json.dumps({name: risk[name] for name in RISK_PARTS}),
        "additional_needs": answers["support"]["additional_needs"] or None,
        "accessibility": answers["support"]["accessibility"] or None,
        "interpreter_language": answers["interpreter"]["interpreter_language"] or None,
        "commitments": answers["commitments"]["commitments"] or None,
        "sentence_ends_on": answers["sentence"]["ends_on"],
        "rar_days": str(answers["rar-days"]["rar_days"]),
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
