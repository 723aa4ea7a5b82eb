"""Finishing the sessions, and sending the end of service report."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from lots.contracts import places
from marketplace import clock
from marketplace.acting import Acting
from marketplace.database import db, new_id
from marketplace.lifecycle import Refusal
from marketplace.permissions import check
from referrals import clocks, notices
from referrals.delivery.models import CaseSession
from referrals.ending.models import Achievement, EndReport, EndReportLine
from referrals.lifecycle import COMPLETE, CONCLUDE, REFERRAL
from referrals.models import ClockKind, Referral
from referrals.outcomes.actions import add_positions
from referrals.outcomes.models import Moment
from referrals.permissions import ReferralPermission
from referrals.queries import locked, locked_with_place


def conclude(referral_id: UUID, by: Acting) -> Referral:
    """Finish the sessions; the end report is due within five working days.

    Raises NotYours, Refused, Refusal while what came of a past session is not recorded.
    """
    referral = locked(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    _refuse_unrecorded(referral.id)
    REFERRAL.take(CONCLUDE, referral, by, facts={"concluding_at": clock.now()})
    clocks.start(referral.id, (ClockKind.REPORT,), clock.today())
    return referral


def _refuse_unrecorded(referral_id: UUID) -> None:
    past = select(CaseSession.id).where(
        CaseSession.referral_id == referral_id,
        CaseSession.recorded_at.is_(None),
        CaseSession.starts_at <= clock.now(),
    )
    if db.session.scalar(past.limit(1)) is not None:
        raise Refusal(_("Record what came of every past session first."))


@dataclass(frozen=True)
class OutcomeResult:
    """What the end report says about one outcome, with its last position.

    `own` is the person's own position, None where they did not wish to say.
    """

    outcome_id: UUID
    achievement: Achievement
    comment: str
    position: int
    next_steps: str = ""
    own: int | None = None


def send_report(
    referral_id: UUID,
    summary: str,
    results: list[OutcomeResult],
    by: Acting,
    rating: int | None = None,
) -> EndReport:
    """Send the end of service report; the case is completed and its place goes back.

    Raises NotYours, Refused, Refusal where an outcome is missing or what came of a session that
    has passed meanwhile is not recorded, AlreadyChanged a second time.
    """
    referral = locked_with_place(referral_id, by)
    check(by, ReferralPermission.DELIVER, referral)
    REFERRAL.expect(COMPLETE, referral)
    _refuse_unrecorded(referral.id)
    now = clock.now()
    REFERRAL.take(COMPLETE, referral, by, facts={"ended_at": now})
    report = EndReport(
        id=new_id(),
        referral_id=referral.id,
        summary=summary,
        rating=rating,
        by_id=by.person_id,
        sent_at=now,
    )
    db.session.add(report)
    db.session.flush()
    for each in results:
        db.session.add(
            EndReportLine(
                id=new_id(),
                report_id=report.id,
                outcome_id=each.outcome_id,
                achievement=each.achievement,
                comment=each.comment,
                next_steps=each.next_steps or None,
            )
        )
    own = {each.outcome_id: each.own for each in results if each.own is not None}
    positions = {each.outcome_id: each.position for each in results}
    add_positions(referral, Moment.END, positions, by, own)
    clocks.end(referral.id, clock.today(), ClockKind.REPORT)
    notices.tell_practitioner("completed", referral)
    places.release(referral.contract_area_id, by)
    return report
