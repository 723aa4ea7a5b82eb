"""Who may see a restricted case beside its author: colleagues, by their work addresses."""

from __future__ import annotations

import re
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.accounts.models import Membership, Person
from marketplace.accounts.tokens import email_hash
from marketplace.acting import Acting
from marketplace.database import db
from marketplace.lifecycle import Refusal
from referrals.permissions import PROBATION, works_at
from referrals.queries import MOST_NAMED

_BETWEEN = re.compile(r"[\s,;]+")


def colleagues_named(typed: str, by: Acting) -> set[UUID]:
    """The people whose addresses were typed; one statement, none where nothing was typed.

    Raises Refusal where there are too many, or one is of nobody in probation here who can sign in.
    """
    addresses = {email_hash(each): each for each in _BETWEEN.split(typed) if each}
    if not addresses:
        return set()
    if len(addresses) > MOST_NAMED:
        raise Refusal(
            _("At most %(most)s people can be named. Take some addresses off.", most=MOST_NAMED)
        )
    found = db.session.execute(
        select(Person.id, Person.email_hash)
        .join(Membership, Membership.person_id == Person.id)
        .where(Person.email_hash.in_(addresses), *works_at(by.organisation_id, PROBATION))
    ).all()
    known = {each.email_hash for each in found}
    wrong = [address for hashed, address in addresses.items() if hashed not in known]
    if wrong:
        raise Refusal(
            _(
                "“%(address)s” is not the address of a practitioner or manager of your "
                "organisation. Correct it or take it out.",
                address=wrong[0],
            )
        )
    return {each.id for each in found}
