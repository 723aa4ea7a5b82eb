"""A referral as the answers of a draft: nothing that was typed is typed again.

What cannot be copied is asked again: the area of somebody who moved, and needs that the other
service does not meet. Dates that have passed are left out.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.models import ContractArea
from marketplace import audit, clock
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.areas.models import Prison, ProbationOffice
from marketplace.categories.queries import outcomes_by_category
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import queries
from referrals.codes import ENDED, EndReason, ReferralState, Whereabouts
from referrals.drafted import ReferralDraft
from referrals.drafts.actions import begin_draft
from referrals.drafts.base import NONE_OF_THESE
from referrals.drafts.content import COPIED_FROM
from referrals.drafts.offering import COPIED_RISK
from referrals.models import NamedPerson, Referral, ReferralNeed, ReferralOutcome
from referrals.permissions import ReferralPermission

Answers = dict[str, Any]


def copy_to_draft(referral_id: UUID, contract_area_id: UUID, by: Acting) -> ReferralDraft:
    """A new draft for another service with everything an ended referral says.

    Raises NotYours, Refused, and Refusal where the referral is open or the service is closed.
    """
    referral = queries.locked(referral_id, by)
    check(by, ReferralPermission.END, referral)
    if referral.state not in ENDED:
        raise Refusal(_("This referral is still open. Withdraw it first, or begin a new one."))
    copied = answers_of(referral) | {COPIED_FROM: str(referral.id)}
    draft = begin_draft(contract_area_id, by, copied)
    facts = {"draft": draft.id}
    audit.record("referral:copy_to_draft", subject=referral, by=by, facts=facts)
    return draft


def settle(referral_id: UUID, by: Acting) -> Referral:
    """Say of a declined referral that nothing more is to do: it is no longer to be re-routed.

    Said twice it stays as it was. Raises NotYours, Refused, Refusal where it was not declined.
    """
    referral = queries.locked(referral_id, by)
    check(by, ReferralPermission.END, referral)
    if referral.state != ReferralState.DECLINED:
        raise Refusal(_("This referral has not been declined."))
    if referral.settled_at is None:
        referral.settled_at = clock.now()
        audit.record("referral:settle", subject=referral, by=by)
    return referral


def answers_of(referral: Referral) -> Answers:
    """What a referral says, as a draft's answers."""
    return {
        **_person(referral),
        **_place(referral),
        **_practitioner(referral),
        "restricted": _restricted(referral),
        **_support(referral),
        **_sentence(referral),
        **_work(referral),
    }


def area_of(referral: Referral) -> str | None:
    """The area the person was referred in; None where they moved or the service had none."""
    if referral.end_reason == EndReason.MOVED:
        return None
    area = db.session.get(ContractArea, referral.contract_area_id)
    return area.area_code if area else None


def _person(referral: Referral) -> Answers:
    known = referral.language in ("en", "cy")
    return {
        "crn": {"crn": referral.crn},
        "name": {"name": referral.name},
        "born": {"date_of_birth": referral.date_of_birth},
        "sex": {"sex": referral.sex},
        "contact": {
            "phone": referral.phone or "",
            "email": referral.email or "",
            "safe_contact": referral.safe_contact or "",
        },
        "language": {
            "language": referral.language if known else "other",
            "other_language": None if known else referral.language,
        },
    }


def _place(referral: Referral) -> Answers:
    area = area_of(referral)
    found: Answers = {"area": {"area": area}} if area else {}
    found["whereabouts"] = {"whereabouts": referral.whereabouts}
    if referral.whereabouts != Whereabouts.CUSTODY:
        return found
    found["establishment"] = _named("prison", Prison, referral.prison, "other_prison")
    found["allocated"] = {"allocated": "no" if referral.is_unallocated else "yes"}
    released = bool(referral.release_on or referral.release_unknown)
    found["released"] = {"released": "yes" if released else "no"}
    passed = referral.release_on and referral.release_on <= clock.today().isoformat()
    if released and not passed:
        found["release"] = {
            "is_known": "yes" if referral.release_on else "no",
            "release_on": referral.release_on,
            "release_unknown": referral.release_unknown or "",
        }
    if referral.has_address:
        found["address"] = {"has_address": referral.has_address}
    if referral.expected_office:
        office = _named("office", ProbationOffice, referral.expected_office, "office_unknown")
        found["office"] = office | {"is_known": "yes" if office["office"] else "no"}
    return found


def _named(field: str, model: Any, name: str | None, otherwise: str) -> Answers:
    """The code of a name from a list, or the name itself where the list does not have it."""
    versions = select(model.code).where(model.name == name, model.in_force(clock.today()))
    code = db.session.scalar(versions.limit(1)) if name else None
    return {
        field: code or "",
        f"{field}_name": name if code else None,
        otherwise: "" if code else name or "",
    }


def _practitioner(referral: Referral) -> Answers:
    who: Answers = {
        "name": referral.practitioner_name,
        "email": referral.practitioner_email,
        "phone": referral.practitioner_phone or "",
        "delivery_unit": referral.delivery_unit_code,
    }
    office = _named("office", ProbationOffice, referral.practitioner_base, "")
    if not referral.is_unallocated:
        team = {"team_phone": referral.team_phone or ""}
        return {"practitioner": who | team | {each: office[each] for each in _OFFICE}}
    prison = _named("prison", Prison, referral.practitioner_base, "")
    if not office["office"] and not prison["prison"]:
        return {}
    return {
        "main-contact": who
        | {each: office[each] for each in _OFFICE}
        | {"prison": prison["prison"], "prison_name": prison["prison_name"]}
        | {
            "role": referral.practitioner_role or "",
            "based": "office" if office["office"] else "prison",
            "before_allocation": referral.before_allocation or "",
        }
    }


_OFFICE = ("office", "office_name")


def _restricted(referral: Referral) -> Answers:
    named = select(Person).join(NamedPerson, NamedPerson.person_id == Person.id)
    found = db.session.scalars(named.where(NamedPerson.referral_id == referral.id))
    return {
        "is_restricted": "yes" if referral.is_restricted else "no",
        "named": "\n".join(each.email for each in found),
    }


def _support(referral: Referral) -> Answers:
    risk = json.loads(referral.risk)
    flags = json.loads(referral.support_flags or "{}")
    times = flags.get("times", [])
    return {
        "risk-flags": {"flags": risk.pop("flags", None) or [NONE_OF_THESE]},
        # Sharing it with another provider is confirmed anew.
        COPIED_RISK: risk,
        "other-needs": {
            "needs": flags.get("needs") or [NONE_OF_THESE],
            "additional_needs": referral.additional_needs or "",
        },
        "access": {
            "access": flags.get("access") or [NONE_OF_THESE],
            "accessibility": referral.accessibility or "",
        },
        "interpreter": {
            "needs_interpreter": "yes" if referral.interpreter_language else "no",
            "interpreter_language": referral.interpreter_language,
        },
        "commitments": {
            "has_commitments": "yes" if times or referral.commitments else "no",
            "times": times,
            "commitments": referral.commitments or "",
        },
    }


def _sentence(referral: Referral) -> Answers:
    found: Answers = {}
    if referral.sentence_status:
        found["sentence-status"] = {"status": referral.sentence_status}
    if referral.relevant_sentence:
        found["relevant-sentence"] = {"sentence": referral.relevant_sentence}
    ends_on = referral.sentence_ends_on
    found["sentence"] = {"has_end": "yes" if ends_on else "no", "ends_on": ends_on}
    if referral.rar_maximum:
        found["rar"] = {"has_rar": "yes", "maximum": int(referral.rar_maximum)}
    else:
        has_rar = "no" if referral.rar_days == "0" else "unknown"
        found["rar"] = {"has_rar": has_rar, "maximum": None}
    return found


def _work(referral: Referral) -> Answers:
    found: Answers = {
        "rar-days": {"rar_days": int(referral.rar_days)},
        "reason": {"reason": referral.reason, "aims": referral.aims},
        "priority": {"priority": referral.priority.value},
        **_needs(referral.id),
    }
    if referral.complete_by >= clock.today().isoformat():
        found["complete-by"] = {"complete_by": referral.complete_by}
    return found


def _needs(referral_id: UUID) -> Answers:
    needs = db.session.scalars(
        select(ReferralNeed)
        .where(ReferralNeed.referral_id == referral_id)
        .order_by(ReferralNeed.position)
    ).all()
    chosen = db.session.execute(
        select(ReferralOutcome.need_code, ReferralOutcome.outcome_code)
        .where(ReferralOutcome.referral_id == referral_id, ReferralOutcome.dropped_at.is_(None))
        .order_by(ReferralOutcome.position)
    ).all()
    offered = outcomes_by_category([each.need_code for each in needs], clock.today())
    found: Answers = {"needs": {"needs": [each.need_code for each in needs]}}
    for each in needs:
        in_force = {outcome.code for outcome in offered.get(each.need_code, ())}
        outcomes = [code for need, code in chosen if need == each.need_code and code in in_force]
        if outcomes:
            found[f"outcomes-{each.need_code}"] = {"outcomes": outcomes}
        found[f"complexity-{each.need_code}"] = {"complexity": each.complexity.value}
    return found
