"""The demonstration's sessions: at an office, elsewhere, by phone; held, moved, missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from lots.contracts.models import ContractArea
from marketplace import clock
from marketplace.acting import Acting
from marketplace.areas.queries import offices_on
from marketplace.database import db
from marketplace.demonstration.world import on_the_day
from referrals.delivery import feedback, sessions
from referrals.delivery.feedback import Feedback
from referrals.delivery.models import (
    AskedBy,
    Attendance,
    ConcernKind,
    Heard,
    Method,
    NotHeld,
    Response,
)
from referrals.delivery.venues import Venue
from referrals.demonstration.data import CONCERN, FEEDBACK
from referrals.models import Referral

ARRANGED_BEFORE = timedelta(days=6)
ELSEWHERE = "Harbour Rooms\n14 Quay Street\nGrimsby\nDN31 1AA"
METHODS = (Method.IN_PERSON_OFFICE, Method.IN_PERSON_OTHER, Method.PHONE)
RESPONDED = "Came with questions of their own and wrote the next steps down."
NEXT = "Ring the landlord together; look at the forms."


def venue_of(referral_id: UUID, number: int) -> Venue:
    """Where the session of this number takes place."""
    method = METHODS[number % len(METHODS)]
    if method == Method.IN_PERSON_OTHER:
        return Venue(method, 90, address=ELSEWHERE)
    if method == Method.PHONE:
        return Venue(method, 30)
    area_id = db.session.get_one(Referral, referral_id).contract_area_id
    region_code = db.session.get_one(ContractArea, area_id).region_code
    return Venue(method, office_code=offices_on(clock.today(), region_code)[0].code)


def meet(
    referral_id: UUID, story: int, number: int, starts_at: datetime, caseworker: Acting
) -> None:
    """Arrange a session a week ahead, move some, and record it where its day has passed."""
    venue = venue_of(referral_id, number)
    is_moved = (story + number) % 11 == 0
    first = starts_at - timedelta(days=1) if is_moved else starts_at
    with on_the_day(first - ARRANGED_BEFORE):
        session = sessions.arrange_session(referral_id, first, venue, caseworker)
    if is_moved:
        with on_the_day(first - timedelta(days=2)):
            session = sessions.move_session(
                referral_id,
                session.id,
                starts_at,
                venue,
                AskedBy.PERSON,
                "Has an appointment about benefits at that time.",
                caseworker,
            )
    if starts_at + timedelta(hours=1) < clock.judged_now():
        with on_the_day(starts_at + timedelta(hours=1)):
            said = _said(story, number)
            feedback.record_session(referral_id, session.id, said, caseworker)


def _said(story: int, number: int) -> Feedback:
    if (story + number) % 9 == 0:
        return Feedback(Attendance.ABSENT, "Rang twice; no answer.", heard=Heard.NOTHING)
    if (story + number) % 13 == 0:
        why = "The room was double-booked and no other was free."
        return Feedback(Attendance.NOT_HELD, why, not_held=NotHeld.LOGISTICS)
    late = (story + number) % 5 == 0
    has_concern = (story, number) in ((21, 2), (47, 1))
    return Feedback(
        Attendance.LATE if late else Attendance.ATTENDED,
        FEEDBACK[(story + number) % len(FEEDBACK)],
        response=Response.PARTLY if late else Response.WELL,
        responded=RESPONDED,
        next_steps=NEXT,
        late_reason="The bus was late." if late else None,
        concerns={ConcernKind.CONCERN: CONCERN} if has_concern else {},
    )
