"""Who a case can be handed to, found by their address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.accounts.queries import person_with
from marketplace.acting import Acting, OrganisationKind
from marketplace.database import db
from marketplace.lifecycle import Refusal
from marketplace.organisations.models import Organisation
from referrals.answering.access import colleague_with, not_a_colleague
from referrals.models import Referral, TeamMember
from referrals.permissions import REFERRERS


@dataclass(frozen=True)
class Recipient:
    """Somebody with the organisation they would have the case for, and their delivery unit."""

    person: Person
    organisation: Organisation
    delivery_unit_code: str | None

    @property
    def is_in_community(self) -> bool:
        """A practitioner of a region, not of a prison."""
        return self.organisation.kind == OrganisationKind.REGION


def recipient_with(email: str, by: Acting) -> Recipient:
    """The practitioner with this address: of the own organisation, else of a region.

    Raises Refusal where nobody has it.
    """
    person = person_with(email)
    found = _recipient(person, by.organisation_id) if person else None
    if found is None:
        raise Refusal(
            _("No practitioner of your organisation or of a probation region has this address.")
        )
    return found


def recipient(person_id: UUID, by: Acting) -> Recipient:
    """The same for somebody found before. Raises Refusal where they practise no more."""
    person = db.session.get(Person, person_id)
    found = _recipient(person, by.organisation_id) if person else None
    if found is None:
        raise Refusal(_("This person cannot take cases any more. Choose somebody else."))
    return found


def _recipient(person: Person, own_id: UUID) -> Recipient | None:
    if person.state != PersonState.ACTIVE:
        return None
    held = db.session.execute(
        select(Organisation, TeamMember.delivery_unit_code)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .outerjoin(
            TeamMember,
            (TeamMember.person_id == person.id) & (TeamMember.organisation_id == Organisation.id),
        )
        .where(Membership.person_id == person.id, Membership.role.in_(REFERRERS))
        .order_by(Organisation.id)
    ).all()
    own = [each for each in held if each[0].id == own_id]
    regions = [each for each in held if each[0].kind == OrganisationKind.REGION]
    for organisation, unit in own or regions:
        return Recipient(person, organisation, unit)
    return None


def deputy_with(email: str, referral: Referral, by: Acting) -> Person:
    """A colleague who can stand in. Raises Refusal."""
    person = colleague_with(email, by)
    if person is None:
        raise Refusal(not_a_colleague())
    if person.id == referral.owner_id:
        raise Refusal(_("This is whose case it is already. Choose somebody else."))
    return person
