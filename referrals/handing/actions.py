"""Handing cases over, one or many, and the deputy of a case; what of a case follows its owner.

Locks: the cases by id; their services are not asked anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _

from lots.contracts.continuity import cases as continuity
from marketplace import audit, events
from marketplace.accounts.models import Person
from marketplace.acting import Acting
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import check
from referrals import notices
from referrals.answering.access import ACCESS_CHANGED
from referrals.handing.people import Recipient, deputy_with, recipient
from referrals.handing.permissions import HandPermission
from referrals.models import Referral
from referrals.permissions import PROBATION, works_there
from referrals.queries import locked

MOST = 50


def hand_over(referral_ids: Sequence[UUID], to_id: UUID, by: Acting) -> list[Referral]:
    """Make these cases somebody else's, all or none; both and the provider are told.

    Raises NotYours, Refused, Refusal where one has ended, is theirs already, or they have not
    said in which delivery unit they work; AlreadyChanged where a case was handed on meanwhile.
    """
    to = recipient(to_id, by)
    found = [locked(each, by) for each in sorted(set(referral_ids))[: MOST + 1]]
    refuse_number(found)
    for each in found:
        check(by, HandPermission.HAND_OVER, each)
        _refuse(each, to)
    for each in found:
        _hand(each, to, by)
    return found


def refuse_number(found: Sequence[object]) -> None:
    """Raise Refusal for no case, or more at once than can be looked through."""
    if not found:
        raise Refusal(_("Select at least one case."))
    if len(found) > MOST:
        raise Refusal(_("At most %(most)s cases at once.", most=MOST))


def take_over(referral_id: UUID, by: Acting) -> Referral:
    """Take a case whose owner has left. Raises NotYours, Refused, Refusal."""
    referral = locked(referral_id, by)
    if referral.owner_id == by.person_id:
        raise AlreadyChanged(_("This is your case already."))
    check(by, HandPermission.TAKE_OVER, referral)
    to = recipient(by.person_id, by)
    _refuse(referral, to)
    _hand(referral, to, by)
    return referral


def _refuse(referral: Referral, to: Recipient) -> None:
    refuse_ended(referral)
    about = {"reference": referral.reference, "name": to.person.name}
    if referral.owner_id == to.person.id and referral.organisation_id == to.organisation.id:
        raise AlreadyChanged(_("%(reference)s is already the case of %(name)s.", **about))
    if to.organisation.id != referral.organisation_id and to.delivery_unit_code is None:
        raise Refusal(
            _(
                "%(name)s has not said in which delivery unit they work. Ask them to choose it "
                "under My cases, then hand over again.",
                name=to.person.name,
            )
        )


def refuse_ended(referral: Referral) -> None:
    """Raise Refusal for a case that is over."""
    if referral.ended_at is not None:
        raise Refusal(
            _("%(reference)s has ended. Take it off the selection.", reference=referral.reference)
        )


def _hand(referral: Referral, to: Recipient, by: Acting) -> None:
    before_id = referral.owner_id
    facts = {
        "from": before_id,
        "to": to.person.id,
        "organisation": to.organisation.id,
    }
    referral.owner_id = to.person.id
    _follow(referral, to)
    stays = (
        referral.deputy_id is not None
        and referral.deputy_id != to.person.id
        and works_there(referral.deputy_id, to.organisation.id, PROBATION)
    )
    if not stays:
        referral.deputy_id = None
    continuity.hand_on(referral.id, to.person.id)
    audit.record("referral:hand_over", subject=referral, by=by, facts=facts)
    events.emit(ACCESS_CHANGED, referral, by)
    for person_id, template in ((to.person.id, "to_you"), (before_id, "from_you")):
        if person_id != by.person_id:
            notices.tell_person(f"handing/{template}", referral, person_id)
    if referral.placed_at is not None:
        notices.tell_provider("handing/practitioner", referral)


def _follow(referral: Referral, to: Recipient) -> None:
    """What of a case goes with its owner: team and contact details."""
    if referral.organisation_id != to.organisation.id:
        referral.organisation_id = to.organisation.id
        referral.team_phone = None
    # A prison's case already names the unit that the person goes to.
    if to.is_in_community and to.delivery_unit_code is not None:
        referral.delivery_unit_code = to.delivery_unit_code
    if to.is_in_community:
        referral.is_unallocated = False
    referral.practitioner_name = to.person.name
    referral.practitioner_email = to.person.email
    for gone in ("practitioner_phone", "practitioner_base", "practitioner_role"):
        setattr(referral, gone, None)


def set_deputy(referral_id: UUID, email: str, by: Acting) -> Referral:
    """Have a colleague stand in for the owner; they are told, and who stood in before.

    Raises NotYours, Refused, Refusal.
    """
    referral = locked(referral_id, by)
    check(by, HandPermission.DEPUTISE, referral)
    refuse_ended(referral)
    person = deputy_with(email, referral, by)
    if referral.deputy_id != person.id:
        _set_deputy(referral, person, by)
    return referral


def remove_deputy(referral_id: UUID, by: Acting) -> Referral:
    """Have nobody stand in any more; who did is told. Raises NotYours, Refused."""
    referral = locked(referral_id, by)
    check(by, HandPermission.DEPUTISE, referral)
    if referral.deputy_id is not None:
        _set_deputy(referral, None, by)
    return referral


def _set_deputy(referral: Referral, person: Person | None, by: Acting) -> None:
    before_id = referral.deputy_id
    referral.deputy_id = person.id if person else None
    facts = {"from": before_id, "to": referral.deputy_id}
    audit.record("referral:deputy", subject=referral, by=by, facts=facts)
    events.emit(ACCESS_CHANGED, referral, by)
    if before_id is not None and before_id != by.person_id:
        notices.tell_person("handing/not_deputy", referral, before_id)
    if person is not None and person.id != by.person_id:
        notices.tell_person("handing/deputy", referral, person.id)
