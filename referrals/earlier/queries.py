"""Earlier assessments of the person of a case: those that can be shared, and the one that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.organisations.models import Organisation
from referrals.delivery.models import Assessment
from referrals.earlier.models import SharedAssessment
from referrals.models import Referral
from referrals.permissions import visible_to

MOST = 20


@dataclass(frozen=True)
class Earlier:
    """An assessment with who made it, when, and where."""

    assessment: Assessment
    referral_id: UUID
    reference: str
    service_code: str
    caseworker: str
    provider: str

    @property
    def id(self) -> UUID:
        """The assessment's own id."""
        return self.assessment.id

    @property
    def held_on(self) -> date:
        """The day the person was assessed."""
        return self.assessment.held_on


def _assessments() -> Select:
    return (
        select(
            Assessment,
            Referral.id,
            Referral.reference,
            Referral.service_code,
            Person.name,
            Organisation.name,
        )
        .join(Referral, Referral.id == Assessment.referral_id)
        .join(Person, Person.id == Assessment.by_id)
        .join(Organisation, Organisation.id == Referral.provider_id)
    )


def offered_for(referral: Referral, by: Acting) -> Sequence[Earlier]:
    """The newest assessments of the same person in other cases this practitioner may see.

    The case that this one goes on with is left out: its provider reads it anyway.
    """
    found = _assessments().where(
        Referral.crn_hash == referral.crn_hash,
        Referral.id.not_in([each for each in (referral.id, referral.continues_id) if each]),
        visible_to(by),
    )
    rows = db.session.execute(found.order_by(Assessment.held_on.desc()).limit(MOST))
    return [Earlier(*row) for row in rows]


def decision_of(referral_id: UUID) -> SharedAssessment | None:
    """What the practitioner decided; None while nothing is decided."""
    return db.session.scalars(
        select(SharedAssessment).where(SharedAssessment.referral_id == referral_id)
    ).one_or_none()


def shared_with(referral_id: UUID) -> Earlier | None:
    """The assessment shared with the provider of a case that the caller may see."""
    found = _assessments().join(SharedAssessment, SharedAssessment.assessment_id == Assessment.id)
    row = db.session.execute(found.where(SharedAssessment.referral_id == referral_id)).one_or_none()
    return Earlier(*row) if row else None
