"""The mails of a referral: a reference and a link, nothing about the person."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import exists, select

from marketplace import outbox
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.queries import people_with
from marketplace.acting import Role
from marketplace.database import db
from marketplace.organisations.models import Organisation
from referrals.models import CLOCK_KINDS, Caseworker, ClockKind, Referral
from referrals.permissions import PROVIDERS, works_at


def provider_addresses(provider_id: UUID) -> list[str]:
    """The provider's shared mailbox; without one, the addresses of its service managers."""
    shared = db.session.scalar(
        select(Organisation.contact_email).where(Organisation.id == provider_id)
    )
    return [shared] if shared else _manager_addresses(provider_id)


def _manager_addresses(provider_id: UUID) -> list[str]:
    return [each.email for each in people_with(provider_id, [Role.SERVICE_MANAGER])]


def tell_of_new(referral_id: UUID, reference: str, mailbox: str | None, provider_id: UUID) -> None:
    """Tell the provider of a referral that has a place; `mailbox` spares a look-up where known."""
    addresses = [mailbox] if mailbox else provider_addresses(provider_id)
    _post("new_referral", referral_id, reference, addresses)


def tell_practitioner(template: str, referral: Referral) -> None:
    """Tell the practitioner what happened to their referral."""
    _post(template, referral.id, referral.reference, [referral.practitioner_email])


def tell_provider(template: str, referral: Referral) -> None:
    """Tell those who work on the case; while nobody does, or can sign in, the provider."""
    still_there = exists().where(
        Membership.person_id == Person.id, *works_at(Caseworker.organisation_id, PROVIDERS)
    )
    workers = (
        select(Person)
        .join(Caseworker, Caseworker.person_id == Person.id)
        .where(Caseworker.referral_id == referral.id, Caseworker.until.is_(None), still_there)
    )
    addresses = [person.email for person in db.session.scalars(workers)]
    _post(
        template,
        referral.id,
        referral.reference,
        addresses or provider_addresses(referral.provider_id),
    )


def tell_overdue(referral: Referral, kinds: Iterable[ClockKind]) -> None:
    """Tell the provider's service managers, and the practitioner, which clocks ran out."""
    what = "; ".join(str(CLOCK_KINDS[each]) for each in dict.fromkeys(kinds))
    owner = db.session.get_one(Person, referral.owner_id).email
    addresses = dict.fromkeys([*_manager_addresses(referral.provider_id), owner])
    _post("overdue", referral.id, referral.reference, addresses, what=what)


def tell_person(template: str, referral: Referral, person_id: UUID) -> None:
    """Tell one person, whoever else is concerned."""
    person = db.session.get_one(Person, person_id)
    _post(template, referral.id, referral.reference, [person.email])


def _post(
    template: str, referral_id: UUID, reference: str, addresses: Iterable[str], **facts: str
) -> None:
    for address in addresses:
        outbox.post(
            f"referrals/mail/{template}.txt",
            to=address,
            subject_id=referral_id,
            facts={"reference": reference, "referral_id": str(referral_id), **facts},
        )
