"""Delivery units: somebody says which one they work in, and their team manager confirms it.

Only a confirmed membership shows the team's cases. A team manager's own word is enough for
themselves; it is in the audit as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from marketplace import audit, clock
from marketplace.accounts.models import Person
from marketplace.acting import Acting, Role
from marketplace.areas.queries import delivery_units_on
from marketplace.database import db, insert_into, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, allowed, check
from referrals.models import TeamMember
from referrals.permissions import ReferralPermission

MOST_REQUESTS = 50


@dataclass(frozen=True)
class Request:
    """Somebody who says they work in a delivery unit."""

    id: UUID
    name: str
    delivery_unit_code: str
    since: datetime


def unit_names(region_code: str | None = None) -> dict[str, str]:
    """What today's delivery units are called, by code."""
    return {unit.code: unit.label for unit in delivery_units_on(clock.today(), region_code)}


def choose(delivery_unit_code: str, by: Acting) -> TeamMember:
    """Say which delivery unit one works in; choosing the same one again changes nothing.

    Its cases become visible once a team manager confirms it. Raises Refused, Refusal.
    """
    check(by, ReferralPermission.MY_CASES)
    if delivery_unit_code not in unit_names(by.region_code):
        raise Refusal(_("Choose a delivery unit of your region."))
    now = clock.now()
    manages = by.has(Role.TEAM_MANAGER)
    said = {
        "delivery_unit_code": delivery_unit_code,
        "since": now,
        "confirmed_at": now if manages else None,
        "confirmed_by_id": by.person_id if manages else None,
    }
    key = {"person_id": by.person_id, "organisation_id": by.organisation_id}
    db.session.execute(
        insert_into(TeamMember)
        .values(id=new_id(), **key, **said)
        .on_conflict_do_update(
            index_elements=list(key),
            set_=said,
            where=TeamMember.delivery_unit_code != delivery_unit_code,
        )
    )
    wanted = select(TeamMember).filter_by(**key)
    member = db.session.scalars(wanted.execution_options(populate_existing=True)).one()
    if member.since == now:
        facts = {"unit": delivery_unit_code, "confirmed": manages}
        audit.record("referral_team:choose", subject=member, by=by, facts=facts)
    return member


def confirm(member_id: UUID, delivery_unit_code: str, by: Acting) -> TeamMember:
    """Confirm that somebody works in the unit shown. Raises NotYours, Refused, Refusal."""
    member = _locked(member_id, by)
    if member.delivery_unit_code != delivery_unit_code:
        raise Refusal(
            _("The person has chosen another delivery unit meanwhile. Reload the list and look.")
        )
    member.confirmed_at, member.confirmed_by_id = clock.now(), by.person_id
    facts = {"unit": delivery_unit_code}
    audit.record("referral_team:confirm", subject=member, by=by, facts=facts)
    return member


def refuse(member_id: UUID, by: Acting) -> None:
    """Say that somebody does not work there; they may choose again. Raises NotYours, Refused."""
    member = _locked(member_id, by)
    facts = {"unit": member.delivery_unit_code}
    audit.record("referral_team:refuse", subject=member, by=by, facts=facts)
    db.session.delete(member)


def _locked(member_id: UUID, by: Acting) -> TeamMember:
    member = db.session.get(TeamMember, member_id, with_for_update=True, populate_existing=True)
    if member is None or member.organisation_id != by.organisation_id:
        raise NotYours()
    check(by, ReferralPermission.CONFIRM_TEAM, member)
    if member.confirmed_at is not None:
        raise AlreadyChanged(_("This has already been confirmed."))
    return member


def team_of(by: Acting) -> TeamMember | None:
    """What this person has said of their delivery unit, confirmed or not."""
    return db.session.scalars(
        select(TeamMember).where(
            TeamMember.person_id == by.person_id,
            TeamMember.organisation_id == by.organisation_id,
        )
    ).one_or_none()


def requests(by: Acting) -> Sequence[Request]:
    """Who waits for this team manager, the longest waiting first; at most fifty."""
    rows = db.session.execute(
        select(TeamMember.id, Person.name, TeamMember.delivery_unit_code, TeamMember.since)
        .join(Person, Person.id == TeamMember.person_id)
        .where(*_unconfirmed(by))
        .order_by(TeamMember.since, TeamMember.id)
        .limit(MOST_REQUESTS)
    )
    return [Request(*row) for row in rows]


def requests_count(by: Acting) -> int:
    """How many wait for this person to confirm them; none for who is no team manager."""
    if not allowed(by, ReferralPermission.CONFIRM_TEAM):
        return 0
    return db.session.scalar(select(func.count()).where(*_unconfirmed(by))) or 0


def _unconfirmed(by: Acting) -> list:
    return [TeamMember.organisation_id == by.organisation_id, TeamMember.confirmed_at.is_(None)]
