"""The work: assessment, sessions, positions, end report; what is told, counted and given back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from lots.contracts.claims.models import LineKind
from marketplace import clock
from marketplace.acting import OrganisationKind
from marketplace.database import db, new_id, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours
from marketplace.registry import measures
from referrals.cases import page as case_page
from referrals.codes import ReferralState
from referrals.delivery import actions, sessions
from referrals.delivery.feedback import Feedback, record_session
from referrals.delivery.models import Attendance, CaseSession, ConcernKind, Method
from referrals.delivery.venues import Venue
from referrals.ending import actions as ending
from referrals.ending.models import EndReport
from referrals.models import ClockKind
from tests.support.contracts import make_live_contract
from tests.support.people import make_organisation
from tests.support.referrals import accepted, again, completed, outcome_ids, send, started


@pytest.fixture
def sent(house):
    return send(house.area_id, house.by.practitioner)


def mails_about(referral):
    return list(
        db.session.scalars(
            select(OutboxMessage.template).where(OutboxMessage.subject_id == referral.id)
        )
    )


def arrange(referral, by, starts_at=None):
    with write():
        return sessions.arrange_session(
            referral.id, starts_at or clock.now(), Venue(Method.VIDEO), by
        ).id


def test_from_assessment_to_report_the_place_returns(house, sent, reserved):
    done = completed(sent, house.by.caseworker)
    assert done.state == ReferralState.COMPLETED and done.ended_at is not None
    assert reserved() == 0
    case = case_page.load(done)
    assert {
        (each.caseworker.start, each.caseworker.latest, each.caseworker.distance)
        for each in case.outcomes
    } == {(2, 4, 2)}
    assert {each.kind for each in case.clocks if each.stopped_on} >= {
        ClockKind.RESPONSE,
        ClockKind.CONTACT,
        ClockKind.ASSESSMENT,
        ClockKind.REPORT,
    }
    assert [each.kind for each in case.clocks if not each.stopped_on] == []
    assert "referrals/mail/completed.txt" in mails_about(sent)


def test_a_report_is_sent_once(house, sent, reserved):
    completed(sent, house.by.caseworker)
    with pytest.raises(AlreadyChanged), write():
        ending.send_report(sent.id, "Again", [], house.by.caseworker)
    assert len(db.session.scalars(select(EndReport)).all()) == 1
    assert reserved() == 0


def test_every_outcome_needs_a_position(house, sent):
    accepted(sent, house.by.caseworker)
    one = outcome_ids(sent.id)[0]
    with pytest.raises(Refusal, match="every outcome"), write():
        actions.record_assessment(
            sent.id, clock.today(), Method.PHONE, "Fine", {one: 3}, house.by.caseworker
        )
    assert again(sent.id).state == ReferralState.ACCEPTED


@pytest.mark.parametrize("days", [1, -1])
def test_the_assessment_is_between_sending_and_today(house, sent, days):
    accepted(sent, house.by.caseworker)
    positions = {each: 3 for each in outcome_ids(sent.id)}
    with pytest.raises(Refusal, match="day of the assessment"), write():
        actions.record_assessment(
            sent.id,
            clock.today() + timedelta(days=days),
            Method.PHONE,
            "Fine",
            positions,
            house.by.caseworker,
        )


def test_a_concern_is_told_at_once_and_feedback_is_given_once(house, sent):
    started(sent, house.by.caseworker)
    session = arrange(sent, house.by.caseworker)
    said = Feedback(Attendance.ATTENDED, "Talked", concerns={ConcernKind.CONCERN: "Sleeps rough"})
    with write():
        record_session(sent.id, session, said, house.by.caseworker)
    assert "referrals/mail/concern.txt" in mails_about(sent)
    with pytest.raises(Refusal, match="recorded already"), write():
        record_session(sent.id, session, said, house.by.caseworker)
    assert mails_about(sent).count("referrals/mail/concern.txt") == 1


def test_a_session_to_come_cannot_be_recorded(house, sent):
    started(sent, house.by.caseworker)
    session = arrange(sent, house.by.caseworker, clock.now() + timedelta(hours=1))
    said = Feedback(Attendance.ATTENDED, "Talked")
    with pytest.raises(Refusal, match="not taken place"), write():
        record_session(sent.id, session, said, house.by.caseworker)


def test_a_session_of_another_case_is_not_found(house, sent):
    other = started(send(house.area_id, house.by.practitioner), house.by.caseworker)
    started(sent, house.by.caseworker)
    session = arrange(other, house.by.caseworker)
    said = Feedback(Attendance.ATTENDED, "Talked")
    with pytest.raises(NotYours), write():
        record_session(sent.id, session, said, house.by.caseworker)


def test_the_sessions_are_not_finished_while_one_is_not_recorded(house, sent):
    started(sent, house.by.caseworker)
    session = arrange(sent, house.by.caseworker, clock.now() - timedelta(minutes=5))
    with pytest.raises(Refusal, match="every past session"), write():
        ending.conclude(sent.id, house.by.caseworker)
    said = Feedback(Attendance.ABSENT, "Did not come")
    with write():
        record_session(sent.id, session, said, house.by.caseworker)
    assert "referrals/mail/absent.txt" in mails_about(sent)
    with write():
        ending.conclude(sent.id, house.by.caseworker)
    assert again(sent.id).state == ReferralState.CONCLUDING


def test_starts_are_counted_for_the_claim_by_month_and_contract(house, sent, app):
    other = make_live_contract(buyer=make_organisation(OrganisationKind.REGION, region_code="K"))
    send(house.area_id, house.by.practitioner)
    started(sent, house.by.caseworker)
    delivered = measures(app)["delivered"]
    first = clock.today().replace(day=1)
    last = (first + timedelta(days=40)).replace(day=1) - timedelta(days=1)
    (start,) = delivered(house.contract.id, first, last)
    assert (start.kind, start.contract_area_id) == (LineKind.START, house.area_id)
    assert (start.reference, first <= start.on <= last) == (sent.reference, True)
    assert delivered(other.id, first, last) == []
    assert delivered(house.contract.id, date(2020, 1, 1), date(2020, 1, 31)) == []


def test_the_practitioner_is_told_of_the_assessment_without_a_personal_fact(house, sent):
    started(sent, house.by.caseworker)
    told = db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.template == "referrals/mail/assessed.txt")
    ).one()
    mail = compose(told)
    text = f"{mail['Subject']} {mail.get_content()}"
    assert mail["To"] == sent.practitioner_email
    assert sent.reference in text and f"/cases/{sent.id}" in text
    assert not any(word in text for word in (sent.name, sent.crn))


def test_no_two_sessions_at_the_same_moment_unless_one_was_not_held(house, sent):
    started(sent, house.by.caseworker)
    moment = clock.now() - timedelta(minutes=5)
    session = arrange(sent, house.by.caseworker, moment)
    with pytest.raises(Refusal, match="already arranged"):
        arrange(sent, house.by.caseworker, moment)
    said = Feedback(Attendance.NOT_HELD, "The office was closed")
    with write():
        record_session(sent.id, session, said, house.by.caseworker)
    arrange(sent, house.by.caseworker, moment)
    twin = {
        "id": new_id(),
        "referral_id": sent.id,
        "starts_at": moment,
        "method": Method.PHONE,
        "minutes": 60,
        "arranged_by_id": house.by.caseworker.person_id,
        "arranged_at": clock.now(),
    }
    with pytest.raises(IntegrityError), write():
        db.session.execute(insert(CaseSession.__table__).values(**twin))
