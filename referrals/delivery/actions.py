"""The initial assessment, with which the work begins."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from marketplace import calendar, clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import clocks, notices
from referrals.delivery.models import Assessment, Method
from referrals.lifecycle import REFERRAL, START
from referrals.models import ClockKind
from referrals.outcomes.actions import NOT_SAID, Positions, add_positions
from referrals.outcomes.models import Moment
from referrals.permissions import ReferralPermission
from referrals.queries import locked_with_place
from referrals.stopped import refuse_where_stopped


def record_assessment(
    referral_id: UUID,
    held_on: date,
    method: Method,
    notes: str,
    positions: Positions,
    by: Acting,
    own: Positions = NOT_SAID,
) -> Assessment:
    """Record the initial assessment with a start position on every outcome; the work begins.

    The action plan is due from that day on; `own` are the person's positions, where they said.

    Raises NotYours, Refused, Refusal for a day in the future or before the referral had a place,
    or once the service has been stopped.
    """
    referral = locked_with_place(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    today = clock.today()
    if held_on > today:
        raise Refusal(_("The day of the assessment must be today or in the past."))
    if referral.placed_at and held_on < calendar.day_of(referral.placed_at):
        raise Refusal(_("The day of the assessment must not be before the referral was sent."))
    REFERRAL.expect(START, referral)
    refuse_where_stopped(referral.contract_area_id)
    held_at = clock.now() if held_on == today else calendar.start_of(held_on)
    REFERRAL.take(START, referral, by, facts={"started_at": referral.started_at or held_at})
    assessment = Assessment(
        id=new_id(),
        referral_id=referral.id,
        held_on=held_on,
        method=method,
        notes=notes,
        by_id=by.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(assessment)
    add_positions(referral, Moment.START, positions, by, own)
    clocks.stop(referral.id, held_on, ClockKind.CONTACT, ClockKind.ASSESSMENT)
    clocks.start(referral.id, (ClockKind.PLAN,), held_on)
    notices.tell_practitioner("assessed", referral)
    return assessment
