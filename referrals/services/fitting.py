"""Whether services fit a person whom a practitioner has begun to refer.

Nothing of the person but the name its author typed is shown, and the address names the draft only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.acting import Acting
from marketplace.database import db
from marketplace.permissions import NotYours
from referrals.drafted import ReferralDraft, ReferralDraftService
from referrals.eligibility import Subject, misfits, regions_by_area, subject_of
from referrals.services.directory import Directory, Listing

MOST = 20


@dataclass(frozen=True)
class Begun:
    """A draft to choose from."""

    id: UUID
    name: str
    started_at: datetime


@dataclass(frozen=True)
class Fitting:
    """One draft, what it says of the person so far, and the services it is for."""

    id: UUID
    name: str
    subject: Subject
    services: frozenset[UUID]

    @property
    def missing(self) -> list[str]:
        """What the draft does not say yet and a fit cannot be told without, in words."""
        said = (
            (_("area"), self.subject.area_code),
            (_("sex"), self.subject.sex),
            (_("date of birth"), self.subject.date_of_birth),
        )
        return [name for name, value in said if value is None]

    def reasons(self, listing: Listing) -> list[str]:
        """Why a service does not fit; none where nothing known stands against it."""
        return misfits(listing.offer, listing.groups, self.subject, listing.directory.today)


def begun(by: Acting) -> list[Begun]:
    """The newest drafts of this practitioner, at most twenty; one statement."""
    rows = db.session.execute(
        select(ReferralDraft.id, ReferralDraft.answers, ReferralDraft.started_at)
        .where(*_own(by))
        .order_by(ReferralDraft.started_at.desc())
        .limit(MOST)
    )
    return [Begun(row[0], _name(json.loads(row[1])), row[2]) for row in rows]


def fitting(draft_id: UUID, by: Acting, directory: Directory) -> Fitting:
    """What is known of the person of one's own draft. Raises NotYours."""
    found = db.session.execute(
        select(ReferralDraft.answers, ReferralDraft.contract_area_id).where(
            ReferralDraft.id == draft_id, *_own(by)
        )
    ).one_or_none()
    if found is None:
        raise NotYours()
    answers = json.loads(found.answers)
    further = select(ReferralDraftService.contract_area_id).where(
        ReferralDraftService.draft_id == draft_id
    )
    services = {found.contract_area_id, *db.session.scalars(further)}
    subject = subject_of(answers, regions_by_area(directory.today))
    return Fitting(draft_id, _name(answers), subject, frozenset(services))


def _own(by: Acting) -> tuple:
    return (
        ReferralDraft.author_id == by.person_id,
        ReferralDraft.organisation_id == by.organisation_id,
    )


def _name(answers: dict) -> str:
    return answers.get("name", {}).get("name", "")
