"""Reading the sessions of a case, their chain and additions, concerns, and clashes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.accounts.queries import names_of_people
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours
from referrals.delivery.models import (
    LONGEST,
    CaseSession,
    Concern,
    SessionAddition,
)
from referrals.models import Referral


@dataclass(frozen=True)
class Sessions:
    """Everything about the sessions of one case, with the names of who did what."""

    sessions: Sequence[CaseSession]
    additions: dict[UUID, list[SessionAddition]]
    concerns: Sequence[Concern]
    names: dict[UUID, str]
    now: datetime

    @property
    def ahead(self) -> list[CaseSession]:
        """Those still to come, the next first."""
        return [each for each in self.sessions if each.is_ahead and each.starts_at > self.now]

    @property
    def to_record(self) -> list[CaseSession]:
        """Those whose time has come and of which nothing is recorded."""
        return [each for each in self.sessions if each.is_ahead and each.starts_at <= self.now]

    @property
    def past(self) -> list[CaseSession]:
        """Those recorded, moved or cancelled, the latest first."""
        return [each for each in reversed(self.sessions) if not each.is_ahead]

    @property
    def by_id(self) -> dict[UUID, CaseSession]:
        """To follow a chain of moved sessions."""
        return {each.id: each for each in self.sessions}


def session_of(referral_id: UUID, session_id: UUID) -> CaseSession:
    """One session of this case. Raises NotYours where it belongs to another."""
    session = db.session.get(CaseSession, session_id)
    if session is None or session.referral_id != referral_id:
        raise NotYours()
    return session


def region_of(contract_area_id: UUID) -> str:
    """The region of a service, whose offices stand first in the list."""
    return db.session.get_one(ContractArea, contract_area_id).region_code


def sessions_of(referral_id: UUID) -> Sessions:
    """The sessions of one case with additions and concerns; four statements."""
    sessions = db.session.scalars(
        select(CaseSession)
        .where(CaseSession.referral_id == referral_id)
        .order_by(CaseSession.starts_at, CaseSession.id)
    ).all()
    added = db.session.scalars(
        select(SessionAddition)
        .join(CaseSession, CaseSession.id == SessionAddition.session_id)
        .where(CaseSession.referral_id == referral_id)
        .order_by(SessionAddition.at, SessionAddition.id)
    ).all()
    concerns = db.session.scalars(
        select(Concern)
        .where(Concern.referral_id == referral_id)
        .order_by(Concern.at.desc(), Concern.id)
    ).all()
    additions: dict[UUID, list[SessionAddition]] = {}
    for addition in added:
        additions.setdefault(addition.session_id, []).append(addition)
    people = {each.by_id for each in added} | {each.by_id for each in concerns}
    people |= {each.read_by_id for each in concerns if each.read_by_id}
    for each in sessions:
        people |= {found for found in (each.recorded_by_id, each.moved_by_id) if found}
    names = names_of_people(people)
    return Sessions(sessions, additions, concerns, names, clock.now())


def clashes(
    referral: Referral,
    starts_at: datetime,
    minutes: int,
    by: Acting,
    besides: UUID | None = None,
) -> list[str]:
    """What else is arranged at this time for the same person or by the same caseworker.

    Sentences for a warning; of another service's session no more than that it is there.
    """
    near = (
        CaseSession.recorded_at.is_(None),
        CaseSession.starts_at > starts_at - timedelta(minutes=LONGEST),
        CaseSession.starts_at < starts_at + timedelta(minutes=minutes),
    )
    # One after the other: each goes by an index of its own.
    of_person = db.session.scalars(
        select(CaseSession)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(*near, Referral.crn_hash == referral.crn_hash)
    )
    own = db.session.scalars(
        select(CaseSession)
        .join(Referral, Referral.id == CaseSession.referral_id)
        .where(
            *near,
            CaseSession.arranged_by_id == by.person_id,
            Referral.crn_hash != referral.crn_hash,
        )
    )

    def clash(session: CaseSession) -> bool:
        # The very same moment in the same case is refused, not warned of.
        is_same = session.referral_id == referral.id and session.starts_at == starts_at
        return session.id != besides and not is_same and session.ends_at > starts_at

    found = []
    if any(clash(each) for each in of_person):
        found.append(_("The person has another session at this time."))
    if any(clash(each) for each in own):
        found.append(_("You have arranged another session at this time."))
    return found
