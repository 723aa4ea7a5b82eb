"""Recording that the person agrees to reminders, and that they no longer do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace import audit, clock, outbox
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.outbox import Channel
from marketplace.permissions import check
from referrals.codes import IN_DELIVERY
from referrals.permissions import ReferralPermission
from referrals.queries import locked
from referrals.reminders.models import Languages, ReminderConsent

# A number of the United Kingdom after its leading 0 or +44: mobiles begin with 7.
MOBILE = re.compile(r"(?:\+44|0044|0)7[0-9]{9}")
PHONE = re.compile(r"(?:\+44|0044|0)[1-9][0-9]{8,9}")


def digits(number: str) -> str:
    """A phone number without what people put between its digits."""
    return re.sub(r"[\s().-]", "", number)


@dataclass(frozen=True)
class Agreed:
    """What the person agreed to: how, where, in which language; and the number they can ring."""

    channel: Channel
    address: str
    language: Languages
    call: str


def consent_of(referral_id: UUID) -> ReminderConsent | None:
    """The consent in force, where there is one."""
    return db.session.scalars(
        select(ReminderConsent).where(
            ReminderConsent.referral_id == referral_id, ReminderConsent.withdrawn_at.is_(None)
        )
    ).one_or_none()


def record_consent(referral_id: UUID, agreed: Agreed, by: Acting) -> ReminderConsent:
    """Record that the person agrees to reminders; what they agreed to before is replaced.

    Raises NotYours, Refused, Refusal where the case is not being delivered or no texts are sent.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    if referral.state not in IN_DELIVERY:
        raise Refusal(_("Reminders are for cases that are being delivered."))
    if agreed.channel == Channel.TEXT and not outbox.texts_are_carried():
        raise Refusal(_("No text messages are sent from here. Choose email."))
    _withdraw(referral_id, by)
    consent = ReminderConsent(
        id=new_id(),
        referral_id=referral_id,
        channel=agreed.channel,
        language=agreed.language,
        address=agreed.address,
        call=agreed.call,
        recorded_by_id=by.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(consent)
    facts = {"channel": agreed.channel}
    audit.record("referral_reminders:agree", subject=referral, by=by, facts=facts)
    return consent


def withdraw_consent(referral_id: UUID, by: Acting) -> None:
    """Send the person no more reminders; asked twice, it changes nothing. Raises NotYours, Refused.

    Possible for as long as the case is seen, also after it has ended.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    if _withdraw(referral_id, by):
        audit.record("referral_reminders:withdraw", subject=referral, by=by)


def _withdraw(referral_id: UUID, by: Acting) -> bool:
    consent = consent_of(referral_id)
    if consent is None:
        return False
    consent.withdrawn_at, consent.withdrawn_by_id = clock.now(), by.person_id
    db.session.flush()
    return True
