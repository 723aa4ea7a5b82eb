"""The clock of a decision: where it runs out, the practitioner and who may step in are told."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from lots.contracts.continuity import cases
from lots.contracts.continuity.models import ContinuityAct
from marketplace import audit
from marketplace.accounts.models import Membership, Person
from marketplace.acting import Role
from marketplace.database import db, write
from referrals.continuity import telling
from referrals.models import NamedPerson, Referral, TeamMember
from referrals.permissions import works_at


def escalate(now: datetime) -> int:
    """The job: tell of every decision that is late, once; returns of how many."""
    if not cases.any_late(now):
        return 0
    with write():
        return _escalate(now)


def _escalate(now: datetime) -> int:
    late = cases.to_escalate(now)
    told: dict[UUID, list[str]] = defaultdict(list)
    for row in late:
        row.escalated_at = now
        audit.record("continuity_case:escalate", subject=row, by=None, facts={"act": row.act_id})
        told[row.act_id] += _addresses(row.case_ref)
    for act_id, addresses in told.items():
        telling.tell_late(db.session.get_one(ContinuityAct, act_id), addresses)
    return len(late)


def _addresses(case_ref: UUID) -> set[str]:
    """The practitioner; the team's managers, or for a restricted case those who are named."""
    referral = db.session.get_one(Referral, case_ref)
    people = select(Person)
    if referral.is_restricted:
        above = people.join(NamedPerson, NamedPerson.person_id == Person.id).where(
            NamedPerson.referral_id == referral.id
        )
    else:
        above = (
            people.join(TeamMember, TeamMember.person_id == Person.id)
            .join(Membership, Membership.person_id == Person.id)
            .where(
                TeamMember.organisation_id == referral.organisation_id,
                TeamMember.delivery_unit_code == referral.delivery_unit_code,
                TeamMember.confirmed_at.is_not(None),
                *works_at(referral.organisation_id, [Role.TEAM_MANAGER]),
            )
        )
    owner = db.session.get_one(Person, referral.owner_id)
    return {owner.email, *(person.email for person in db.session.scalars(above).unique())}
