"""Drafts, referrals and cases in any state, for tests."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import g
from sqlalchemy import select

from marketplace import clock
from marketplace.acting import Acting
from marketplace.categories.queries import outcomes_of
from marketplace.database import db, new_id
from referrals.answering import actions
from referrals.delivery import actions as delivery
from referrals.delivery.models import Method
from referrals.drafted import ReferralDraft
from referrals.ending import actions as ending
from referrals.ending.models import Achievement
from referrals.models import Referral, ReferralOutcome
from referrals.sending import actions as sending
from tests.support.people import written

Answers = dict[str, dict[str, Any]]


def finished_answers(needs: tuple[str, ...] = ("accommodation",), **changed: Any) -> Answers:
    """A draft with every question answered, for a woman of 36 in Kent; `changed` by question."""
    today = clock.today()
    no = "no"
    answers: Answers = {
        "crn": {"crn": "X123456"},
        "name": {"name": "Robin Example"},
        "born": {"date_of_birth": today.replace(year=today.year - 36, day=1).isoformat()},
        "sex": {"sex": "female"},
        "contact": {"phone": "01632 960001", "email": "", "safe_contact": ""},
        "language": {"language": "en", "other_language": None},
        "area": {"area": "kent"},
        "whereabouts": {"whereabouts": "community"},
        "practitioner": {
            "name": "Pat Practitioner",
            "email": "pat@probation.example",
            "phone": "",
            "delivery_unit": "east-kent",
            "office": "",
            "office_name": None,
        },
        "restricted": {"is_restricted": no, "named": ""},
        "risk-flags": {"flags": ["none"]},
        "risk": {"at_risk": "Nobody", "when_greatest": "", "to_self": "", "understood": True},
        "other-needs": {"needs": ["none"], "additional_needs": ""},
        "access": {"access": ["none"], "accessibility": ""},
        "interpreter": {"needs_interpreter": no, "interpreter_language": None},
        "commitments": {"has_commitments": no, "times": [], "commitments": None},
        "needs": {"needs": list(needs)},
        "sentence-status": {"status": "community_order"},
        "relevant-sentence": {"sentence": "Community order, 18 months"},
        "rar": {"has_rar": "yes", "maximum": 40},
        "sentence": {
            "has_end": "yes",
            "ends_on": (today + timedelta(days=400)).isoformat(),
        },
        "rar-days": {"rar_days": 10},
        "complete-by": {"complete_by": (today + timedelta(days=180)).isoformat()},
        "reason": {"reason": "Needs a home", "aims": "A tenancy"},
        "priority": {"priority": "none"},
    }
    for need in needs:
        chosen = [outcome.code for outcome in outcomes_of(need, today)[:2]]
        answers[f"outcomes-{need}"] = {"outcomes": chosen}
        answers[f"complexity-{need}"] = {"complexity": "medium"}
    return answers | changed


def in_custody(release_on: str | None) -> Answers:
    """The answers of somebody in prison, released on this day or at an unknown time."""
    known = release_on is not None
    return {
        "whereabouts": {"whereabouts": "custody"},
        "establishment": {"prison": "", "prison_name": None, "other_prison": "HMP Example"},
        "allocated": {"allocated": "yes"},
        "address": {"has_address": "no"},
        "release": {
            "is_known": "yes" if known else "no",
            "release_on": release_on,
            "release_unknown": "" if known else "remand",
        },
    }


def make_draft(contract_area_id: UUID, by: Acting, answers: Answers | None = None) -> ReferralDraft:
    """A draft with these answers; every question answered where none are given."""
    with written():
        draft = ReferralDraft(
            id=new_id(),
            author_id=by.person_id,
            organisation_id=by.organisation_id,
            contract_area_id=contract_area_id,
            answers=json.dumps(finished_answers() if answers is None else answers),
            started_at=clock.now(),
            expires_at=clock.now() + timedelta(days=90),
        )
        db.session.add(draft)
        db.session.flush()
        db.session.expunge(draft)
    return draft


def send(contract_area_id: UUID, by: Acting, answers: Answers | None = None) -> Referral:
    """A referral that has just been sent: with a place, or on the waiting list."""
    draft = make_draft(contract_area_id, by, answers)
    g.pop("business_now", None)  # each is sent by a request of its own, at its own moment
    with written():
        sent = sending.send_referral(draft.id, contract_area_id, by)
    return again(sent)


def again(referral_id: UUID) -> Referral:
    """The referral as it is stored now, let go of by the session."""
    db.session.expire_all()
    referral = db.session.get_one(Referral, referral_id)
    db.session.expunge(referral)
    return referral


def accepted(referral: Referral, caseworker: Acting) -> Referral:
    """The referral, accepted."""
    with written():
        actions.accept(referral.id, caseworker)
    return again(referral.id)


def outcome_ids(referral_id: UUID) -> list[UUID]:
    """The chosen outcomes, in order."""
    return list(
        db.session.scalars(
            select(ReferralOutcome.id)
            .where(ReferralOutcome.referral_id == referral_id)
            .order_by(ReferralOutcome.position)
        )
    )


def started(referral: Referral, caseworker: Acting) -> Referral:
    """The referral, accepted and assessed today with the second position on every outcome."""
    accepted(referral, caseworker)
    with written():
        positions = dict.fromkeys(outcome_ids(referral.id), 2)
        delivery.record_assessment(
            referral.id, clock.today(), Method.PHONE, "Found well", positions, caseworker
        )
    return again(referral.id)


def concluding(referral: Referral, caseworker: Acting) -> Referral:
    """The referral with its sessions finished."""
    started(referral, caseworker)
    with written():
        ending.conclude(referral.id, caseworker)
    return again(referral.id)


def completed(referral: Referral, caseworker: Acting) -> Referral:
    """The referral with its end report sent, two positions on."""
    concluding(referral, caseworker)
    report(referral.id, caseworker)
    return again(referral.id)


def report(referral_id: UUID, caseworker: Acting) -> None:
    """Send the end report: every outcome is achieved."""
    results = [
        ending.OutcomeResult(outcome, Achievement.ACHIEVED, "Done", 4)
        for outcome in outcome_ids(referral_id)
    ]
    with written():
        ending.send_report(referral_id, "Went well", results, caseworker)
