"""Who may see a case at all: restricting it, lifting that, and naming people, after sending too."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from marketplace import audit, events
from marketplace.accounts.models import Person
from marketplace.accounts.queries import person_with
from marketplace.acting import Acting
from marketplace.database import changed, db, new_id
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check
from referrals import notices
from referrals.models import NamedPerson, Referral
from referrals.permissions import PROBATION, ReferralPermission, works_there
from referrals.queries import MOST_NAMED, locked

# Told to whoever keeps something of its own about who may find a case.
ACCESS_CHANGED = "referral: who may see it has changed"


def named_for(referral_id: UUID) -> Sequence[Person]:
    """Those named for a case, in the order of their ids, which is that of nothing personal."""
    named = select(Person).join(NamedPerson, NamedPerson.person_id == Person.id)
    return db.session.scalars(
        named.where(NamedPerson.referral_id == referral_id).order_by(NamedPerson.id)
    ).all()


def restrict(referral_id: UUID, by: Acting) -> Referral:
    """Have only those named see the case. Raises NotYours, Refused, AlreadyChanged."""
    return _set_restricted(referral_id, True, by)


def lift(referral_id: UUID, by: Acting) -> Referral:
    """Have the whole team and the provider see the case again.

    Raises NotYours, Refused, AlreadyChanged.
    """
    return _set_restricted(referral_id, False, by)


def _set_restricted(referral_id: UUID, wanted: bool, by: Acting) -> Referral:
    referral = locked(referral_id, by)
    check(by, ReferralPermission.GIVE_ACCESS, referral)
    guarded = (
        update(Referral)
        .where(Referral.id == referral.id, Referral.is_restricted.is_(not wanted))
        .values(is_restricted=wanted)
    )
    if not changed(guarded):
        raise AlreadyChanged(_("This was done already. Go back and reload the page."))
    db.session.refresh(referral)
    audit.record(
        "referral:restrict" if wanted else "referral:lift_restriction", subject=referral, by=by
    )
    events.emit(ACCESS_CHANGED, referral, by)
    return referral


def name(referral_id: UUID, email: str, by: Acting) -> Referral:
    """Let a colleague see the case too; they are told.

    Raises NotYours, Refused, Refusal where the address belongs to nobody of probation in the
    organisation, or as many are named as can be.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.GIVE_ACCESS, referral)
    person = colleague_with(email, by)
    if person is None:
        raise Refusal(not_a_colleague())
    named = {each.id for each in named_for(referral.id)}
    if person.id in named:
        return referral
    if len(named) >= MOST_NAMED:
        raise Refusal(
            _("At most %(most)s people can be named. Take somebody off first.", most=MOST_NAMED)
        )
    db.session.add(NamedPerson(id=new_id(), referral_id=referral.id, person_id=person.id))
    audit.record("referral:name", subject=referral, by=by, facts={"person": person.id})
    notices.tell_person("named", referral, person.id)
    events.emit(ACCESS_CHANGED, referral, by)
    return referral


def not_a_colleague() -> str:
    """What is said of an address that is no colleague's."""
    return _("No practitioner or manager of your organisation has this address.")


def colleague_with(email: str, by: Acting) -> Person | None:
    """Who of probation in the organisation acted for has this address, and can sign in."""
    person = person_with(email)
    if person is None or not works_there(person.id, by.organisation_id, PROBATION):
        return None
    return person


def take_off(referral_id: UUID, person_id: UUID, by: Acting) -> Referral:
    """Have somebody named no longer see the case. Raises NotYours, Refused."""
    referral = locked(referral_id, by)
    check(by, ReferralPermission.GIVE_ACCESS, referral)
    gone = delete(NamedPerson).where(
        NamedPerson.referral_id == referral.id, NamedPerson.person_id == person_id
    )
    if changed(gone):
        audit.record("referral:take_off", subject=referral, by=by, facts={"person": person_id})
        events.emit(ACCESS_CHANGED, referral, by)
    return referral
