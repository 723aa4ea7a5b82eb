"""Concerns: told to the practitioner at once, and open until somebody there has read them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from marketplace import audit, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import NotYours, allowed, check
from referrals import notices
from referrals.codes import IN_DELIVERY
from referrals.delivery.models import Concern, ConcernKind
from referrals.frame import CaseAlert
from referrals.models import Referral
from referrals.permissions import ReferralPermission
from referrals.queries import locked


def tell(
    referral: Referral,
    told: Mapping[ConcernKind, str],
    by: Acting,
    session_id: UUID | None = None,
) -> None:
    """Write down what the practitioner must know of a locked case, and send one mail at once."""
    for kind, text in told.items():
        db.session.add(
            Concern(
                id=new_id(),
                referral_id=referral.id,
                session_id=session_id,
                kind=kind,
                text=text,
                by_id=by.person_id,
                at=clock.now(),
            )
        )
    notices.tell_practitioner("concern", referral)


def raise_concern(referral_id: UUID, told: Mapping[ConcernKind, str], by: Acting) -> None:
    """Tell the practitioner something outside of any session. Raises NotYours, Refused, Refusal."""
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    if referral.state not in IN_DELIVERY:
        raise Refusal(_("This case is not being delivered. Ring the practitioner."))
    tell(referral, told, by)
    audit.record("referral:concern", subject=referral, by=by)


def acknowledge(referral_id: UUID, concern_id: UUID, by: Acting) -> Concern:
    """Say that a concern was read; the second to say so changes nothing.

    For the owner, the deputy and the team manager. Raises NotYours, Refused.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.ACKNOWLEDGE, referral)
    concern = db.session.get(Concern, concern_id, with_for_update=True, populate_existing=True)
    if concern is None or concern.referral_id != referral.id:
        raise NotYours()
    if concern.read_at is None:
        concern.read_at, concern.read_by_id = clock.now(), by.person_id
        audit.record("referral_concern:acknowledge", subject=concern, by=by)
    return concern


def alerts(referral: Referral, by: Acting) -> list[CaseAlert]:
    """What stands at the head of the case while a concern is open; for both sides."""
    still_open = select(func.count()).where(
        Concern.referral_id == referral.id, Concern.read_at.is_(None)
    )
    count = db.session.scalar(still_open) or 0
    if not count:
        return []
    if allowed(by, ReferralPermission.ACKNOWLEDGE, referral):
        text = ngettext(
            "%(num)s concern to read and acknowledge",
            "%(num)s concerns to read and acknowledge",
            count,
        )
    else:
        text = ngettext(
            "%(num)s concern that the practitioner has not acknowledged",
            "%(num)s concerns that the practitioner has not acknowledged",
            count,
        )
    address = url_for("sessions.index", referral_id=referral.id, _anchor="concerns")
    return [CaseAlert(text, address)]
