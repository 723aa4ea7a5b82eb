"""Cases that go on elsewhere, one or many, and somebody who moves out of the area.

Locks: every service concerned by id, then the cases by id.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from uuid import UUID

from flask_babel import gettext as _

from marketplace import audit
from marketplace.acting import Acting
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import notices
from referrals.answering import actions as answering
from referrals.codes import EndReason, ReferralState
from referrals.continuity.actions import lock_areas
from referrals.continuity.moving import move
from referrals.handing.actions import refuse_ended, refuse_number
from referrals.handing.permissions import HandPermission
from referrals.models import Referral
from referrals.notes.actions import write_note
from referrals.options import Option, options_for
from referrals.queries import locked, locked_with_place


def options_for_all(found: Sequence[Referral], area_code: str | None) -> list[Option]:
    """The services that fit every one of these and have a place for each."""
    offered = [{each.id: each for each in options_for(case, area_code)} for case in found]
    if not offered:
        return []
    shared = reduce(lambda kept, more: kept & more, (set(each) for each in offered))
    return [
        each for each in offered[0].values() if each.id in shared and each.free_places >= len(found)
    ]


def transfer(
    referral_ids: Sequence[UUID], target: UUID, by: Acting, area_code: str | None = None
) -> list[UUID]:
    """Have another service go on with these cases, all or none; their ids there.

    A place is taken there and given back here. Raises NotYours, Refused, Refusal where one has
    ended or has only its report to come, or a place is missing.
    """
    wanted = sorted(set(referral_ids))
    refuse_number(wanted)
    lock_areas(wanted, target)
    found = [locked(each, by) for each in wanted]
    for each in found:
        check(by, HandPermission.TRANSFER, each)
        refuse_transfer(each)
    moved = []
    for each in found:
        moved.append(move(each, target, by, area_code))
        if each.owner_id != by.person_id:
            notices.tell_person("handing/moved", each, each.owner_id)
    return moved


def refuse_transfer(referral: Referral) -> None:
    """Raise Refusal for a case that is over, or whose sessions are."""
    refuse_ended(referral)
    if referral.state == ReferralState.CONCLUDING:
        raise Refusal(
            _(
                "Of %(reference)s only the end report is missing. It stays where it is.",
                reference=referral.reference,
            )
        )


def finish_remotely(referral_id: UUID, why: str, by: Acting) -> Referral:
    """The person has moved, and the provider goes on by phone or video; it is told.

    Raises NotYours, Refused, Refusal where the case has no place yet or has ended.
    """
    referral = locked(referral_id, by)
    check(by, HandPermission.TRANSFER, referral)
    subject = _("The person moves away: the work goes on remotely")
    write_note(referral_id, why, by, subject, sends_mail=True)
    audit.record("referral:finish_remotely", subject=referral, by=by)
    return referral


def close(referral_id: UUID, by: Acting) -> Referral:
    """End the case because the person moves away. Raises NotYours, Refused, AlreadyChanged."""
    referral = locked_with_place(referral_id, by)
    check(by, HandPermission.TRANSFER, referral)
    return answering.close(referral, EndReason.MOVED, "", by)
