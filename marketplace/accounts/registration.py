"""A provider that registers itself: the organisation, its first person, and the mailed link."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError

from marketplace import outbox
from marketplace.accounts.actions import LINK_MINUTES, write_link
from marketplace.accounts.memberships import add_person
from marketplace.accounts.models import Membership, Person, PersonState
from marketplace.accounts.queries import person_with
from marketplace.acting import OrganisationKind, Role
from marketplace.database import db, new_id
from marketplace.organisations.actions import add_organisation
from marketplace.organisations.models import Organisation


def register_provider(about: dict[str, Any], name: str, email: str) -> Organisation | None:
    """Register a provider with its first person as bid manager, and mail the confirming link.

    `about` are the organisation's columns. The account has no password until whoever reads the mail
    chooses one: anybody may type anybody's address. An address already known changes nothing and
    gets a mail that says so: then None is returned, and the page must not show the difference.
    """
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
