"""A provider that registers itself: the organisation, its first person, and the mailed link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace import clock, outbox
from marketplace.accounts.actions import LINK_MINUTES, write_link
from marketplace.accounts.memberships import add_person
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.accounts.queries import person_with
from marketplace.accounts.tokens import email_hash
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id
from marketplace.organisations.actions import (
    add_organisation,
    check_numbers_free,
    release_number,
)
from marketplace.organisations.models import Organisation, RegisterNumber


def register_provider(about: dict[str, Any], name: str, email: str) -> Organisation | None:
    """Register a provider with its first person as bid manager, and mail the confirming link.

    `about` are the organisation's columns. The account has no password until whoever reads the mail
    chooses one: anybody may type anybody's address. An address already known changes nothing and
    gets a mail that says so: then None is returned, and the page must not show the difference.
    Raises NumberTaken, before the address is looked at, where an organisation here has one of its
    register numbers.
    """
    _release_unclaimed(about["org_ids"])
    if not _sent_before(email, about["org_ids"]):
        check_numbers_free(about["org_ids"])
    person = None if person_with(email) else _add_first_person(name, email)
    if person is None:
        outbox.post("marketplace/accounts/mail/known.txt", to=email)
        return None
    organisation = add_organisation(OrganisationKind.PROVIDER, None, **about)
    db.session.add(
        Membership(
            id=new_id(),
            person_id=person.id,
            organisation_id=organisation.id,
            role=Role.BID_MANAGER,
        )
    )
    db.session.flush()
    outbox.post(
        "marketplace/accounts/mail/registered.txt",
        to=email,
        subject_id=person.id,
        facts={
            "token": write_link(person),
            "organisation": organisation.name,
            "minutes": LINK_MINUTES,
        },
    )
    return organisation


def _add_first_person(name: str, email: str) -> Person | None:
    try:
        with db.session.begin_nested():
            return add_person(name, email, None, PersonState.UNCONFIRMED)
    except IntegrityError:
        return None  # the same form, sent twice, was a moment faster the other time


def _release_unclaimed(org_ids: Sequence[str]) -> None:
    """Let go of numbers of organisations whose mailed link ran out: anybody may type a number."""
    begun = clock.now() - timedelta(minutes=LINK_MINUTES)
    people = (
        select(Person.id)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == Organisation.id)
    )
    unclaimed = (
        select(RegisterNumber)
        .join(Organisation, Organisation.id == RegisterNumber.organisation_id)
        .where(
            RegisterNumber.org_id.in_(org_ids),
            Organisation.created_at < begun,
            people.exists(),
            ~people.where(Person.state != PersonState.UNCONFIRMED).exists(),
        )
        .order_by(RegisterNumber.org_id)
    )
    for number in db.session.scalars(unclaimed).all():
        release_number(number)


def _sent_before(email: str, org_ids: Sequence[str]) -> bool:
    """Whether this very form was sent a moment ago: pressed twice, or its mail is awaited."""
    sent = (
        select(RegisterNumber.id)
        .join(Membership, Membership.organisation_id == RegisterNumber.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            RegisterNumber.org_id.in_(org_ids),
            Person.email_hash == email_hash(email),
            Person.state == PersonState.UNCONFIRMED,
        )
    )
    return db.session.scalar(select(sent.exists())) or False
