"""A sent referral as the answers of a draft, which the forms of its questions take."""

from __future__ import annotations

import json
from typing import Any

from flask_babel import gettext as _

from marketplace import clock
from marketplace.acting import Acting
from marketplace.lifecycle import Refusal
from referrals.drafts.base import Context
from referrals.drafts.copying import answers_of
from referrals.drafts.offering import COPIED_RISK, context_of
from referrals.drafts.queries import Draft, DraftService
from referrals.drafts.questions import Question
from referrals.eligibility import offer
from referrals.models import Referral

Answers = dict[str, Any]


def told(referral: Referral) -> Answers:
    """What the referral says now, with what a copy would ask anew."""
    answers = answers_of(referral)
    answers["risk"] = answers.pop(COPIED_RISK) | {"understood": True}
    who = {
        "name": referral.practitioner_name,
        "email": referral.practitioner_email,
        "phone": referral.practitioner_phone or "",
        "team_phone": referral.team_phone or "",
        "delivery_unit": referral.delivery_unit_code,
        "office": "",
        "office_name": referral.practitioner_base,
    }
    otherwise: Answers = {
        "area": {"area": None},
        "complete-by": {"complete_by": referral.complete_by},
        "release": {
            "is_known": _is_known(referral),
            "release_on": referral.release_on,
            "release_unknown": referral.release_unknown or "",
        },
        "address": {"has_address": referral.has_address},
        "establishment": {"prison": "", "prison_name": None, "other_prison": ""},
        "office": {"office_name": None, "office_unknown": referral.expected_office},
        "sentence-status": {"status": referral.sentence_status},
        "relevant-sentence": {"sentence": referral.relevant_sentence},
        "practitioner": who,
        "main-contact": who | {"role": referral.practitioner_role or ""},
    }
    return otherwise | answers


def _is_known(referral: Referral) -> str | None:
    """How the question about the release was answered, None where it was not asked."""
    if referral.release_on:
        return "yes"
    return "no" if referral.release_unknown else None


def needs_of(answers: Answers) -> list[str]:
    """The needs to be met."""
    return answers["needs"]["needs"]


def context(referral: Referral, question: Question, answers: Answers, by: Acting) -> Context:
    """What the question's form is prepared with: the same as in a draft for this service."""
    offered = offer(referral.contract_area_id)
    if offered is None:
        raise Refusal(_("The service is not there any more."))
    service = DraftService(1, offered, "", needs_of(answers))
    draft = Draft(referral.id, clock.now(), answers, [service])
    return context_of(draft, question, by)


def pick(answers: Answers, questions: list[Question]) -> Answers:
    """The answers to these questions, without the confirmation that goes with the risk."""
    return {
        each.slug: {
            name: value
            for name, value in (answers.get(each.slug) or {}).items()
            if name != "understood"
        }
        for each in questions
    }


def read(stored: str) -> Answers:
    """The answers of an amendment."""
    return json.loads(stored)
