"""The indicators count what the record of the work says, in the month it belongs to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from lots.contracts.delivery.vocabulary import Indicator
from marketplace import clock
from marketplace.database import db
from referrals.answering import actions
from referrals.codes import DeclineReason
from referrals.delivery import sessions
from referrals.delivery.models import Attendance, CaseSession, Method
from referrals.delivery.venues import Venue
from referrals.indicators import indicators
from referrals.models import ReferralClock
from tests.support import referrals
from tests.support.people import written

FAR = timedelta(days=400)


@pytest.fixture
def counted(house):
    """The indicators of the service, from long ago to far ahead."""

    def read():
        today = clock.today()
        return indicators(house.contract.id, today - FAR, today + FAR)

    return read


def test_a_case_that_went_well_counts_in_everything(house, counted):
    assert set(counted().values()) == {(0, 0, 0)}
    worker = house.by.caseworker
    case = referrals.send(house.area_id, house.by.practitioner)
    assert counted()[Indicator.CONTACT] == (0, 0, 0)  # still to come, so neither way yet
    referrals.completed(case, worker)
    found = counted()
    for each in (Indicator.CONTACT, Indicator.ASSESSMENT, Indicator.REPORT):
        assert found[each] == (1, 1, 1), each
    assert found[Indicator.DISTANCE] == (2, 2, 1)


def test_what_was_late_or_never_needed_is_told_apart(house, counted):
    late = referrals.send(house.area_id, house.by.practitioner)
    declined = referrals.send(house.area_id, house.by.practitioner)
    with written():
        actions.decline(declined.id, DeclineReason.NO_STAFF, house.by.manager)
        passed = clock.today() - timedelta(days=2)
        db.session.execute(
            update(ReferralClock)
            .where(ReferralClock.referral_id == late.id)
            .values(started_on=passed, due_on=passed)
        )
    referrals.started(late, house.by.caseworker)
    assert counted()[Indicator.CONTACT] == (0, 1, 1)


def test_sessions_count_where_somebody_was_expected(house, counted):
    case = referrals.started(
        referrals.send(house.area_id, house.by.practitioner), house.by.caseworker
    )
    now = clock.now()
    for hours, attendance in enumerate((*Attendance, None)):
        with written():
            session = sessions.arrange_session(
                case.id, now + timedelta(hours=hours + 1), Venue(Method.PHONE), house.by.caseworker
            )
            if attendance:
                db.session.flush()
                db.session.execute(
                    update(CaseSession)
                    .where(CaseSession.id == session.id)
                    .values(
                        attendance=attendance,
                        recorded_at=now,
                        recorded_by_id=house.by.caseworker.person_id,
                    )
                )
    # Came on time, came late, did not come; one was not held, one is still ahead.
    assert counted()[Indicator.ATTENDED] == (2, 3, 1)
