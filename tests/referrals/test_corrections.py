"""What was recorded in error is put right: told, kept, counted no more, and claimed back next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from lots.contracts.claims import computing
from lots.contracts.claims.models import Claim, LineKind
from lots.contracts.models import Contract, ContractState
from marketplace import clock
from marketplace.audit import AuditEvent
from marketplace.calendar import months_later
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.permissions import NotYours, Refused
from marketplace.registry import measures
from referrals.codes import ReferralState
from referrals.corrections import actions, queries
from referrals.corrections.actions import Right
from referrals.corrections.models import Correction, Wrong
from referrals.corrections.queries import RecordKind
from referrals.delivery import sessions
from referrals.delivery.feedback import Feedback, record_session
from referrals.delivery.models import Assessment, Attendance, Method
from referrals.delivery.venues import Venue
from referrals.ending.models import Achievement
from referrals.handing import moves
from referrals.indicators import indicators
from referrals.models import Referral
from tests.support.contracts import make_live_contract
from tests.support.mails import mails_to
from tests.support.people import sign_in
from tests.support.referrals import again, completed, finished_answers, send, started

WHY = "The name of another person was on the list; Jo’s café meeting."
NEVER = Right(Wrong.NOT_HELD, WHY)


@pytest.fixture
def case(house):
    """A case of this service whose assessment was recorded today."""
    return started(send(house.area_id, house.by.practitioner), house.by.caseworker)


def records(case, kind):
    return [each for each in queries.records_of(again(case.id)) if each.kind == kind]


def put_right(case, record, by, said=NEVER):
    with write():
        return actions.put_right(case.id, record.kind, record.id, said, by).id


def attended(case, by):
    with write():
        session = sessions.arrange_session(case.id, clock.now(), Venue(Method.VIDEO), by).id
    with write():
        record_session(case.id, session, Feedback(Attendance.ATTENDED, "Talked"), by)


def delivered(contract):
    today = clock.today()
    return measures()["delivered"](contract.id, today - timedelta(days=60), today)


def test_a_start_that_never_was_counts_no_more_and_the_next_meeting_begins_the_work(house, case):
    by = house.by.caseworker
    [assessment] = records(case, RecordKind.ASSESSMENT)
    correction = put_right(case, assessment, by)
    assert again(case.id).started_at is None and delivered(house.contract) == []
    # It stays in the record, the practitioner is told, and the audit knows.
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 1
    told = [each.template for each in mails_to(case.practitioner_email)]
    assert told[-1] == "referrals/mail/corrections/put_right.txt"
    event = db.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == str(correction))
    ).one()
    assert WHY not in str(event.details)
    with pytest.raises(AlreadyChanged):
        put_right(case, assessment, by)
    attended(case, by)
    assert again(case.id).started_at is not None
    [session] = records(case, RecordKind.SESSION)
    put_right(case, session, by, Right(Wrong.OTHER_PERSON, WHY))
    assert again(case.id).started_at is None
    today = clock.today()
    [of_sessions] = [
        figures
        for each, figures in indicators(house.contract.id, today, today).items()
        if each == "attended"
    ]
    assert of_sessions == (0, 0, 0)
    with write():
        actions.take_back(case.id, correction, by)
    assert again(case.id).started_at == assessment.at and len(delivered(house.contract)) == 1
    with pytest.raises(AlreadyChanged), write():
        actions.take_back(case.id, correction, by)


def test_a_meeting_on_another_day_moves_the_start_to_that_day(house, case):
    before = clock.now() - timedelta(days=20)
    with write():
        db.session.execute(update(Referral).values(placed_at=before, sent_at=before))
    [assessment] = records(case, RecordKind.ASSESSMENT)
    today = clock.today()
    for wrong_day in (today + timedelta(days=1), today - timedelta(days=30), today):
        with pytest.raises(Refusal):
            put_right(case, assessment, house.by.manager, Right(Wrong.OTHER_DAY, WHY, on=wrong_day))
    right = today - timedelta(days=9)
    with write():
        ended = {"state": ReferralState.COMPLETED, "ended_at": clock.now() - timedelta(days=10)}
        db.session.execute(update(Referral).values(ended))
    with pytest.raises(Refusal, match="after the end of the case"):
        put_right(case, assessment, house.by.manager, Right(Wrong.OTHER_DAY, WHY, on=right))
    right = today - timedelta(days=12)
    put_right(case, assessment, house.by.manager, Right(Wrong.OTHER_DAY, WHY, on=right))
    assert [each.on for each in delivered(house.contract)] == [right]


def test_a_result_is_put_right_both_ways(house, case):
    completed_case = completed(
        send(house.area_id, house.by.practitioner, finished_answers(crn={"crn": "X765432"})),
        house.by.caseworker,
    )
    results = records(completed_case, RecordKind.OUTCOME)
    count = len(results)

    def reached():
        return [each for each in delivered(house.contract) if each.kind == LineKind.OUTCOME]

    assert count == len(reached()) == 2
    said = Right(Wrong.OTHER_RESULT, WHY, result=Achievement.PARTLY)
    correction = put_right(completed_case, results[0], house.by.caseworker, said)
    put_right(completed_case, results[1], house.by.caseworker, Right(Wrong.OTHER_PERSON, WHY))
    assert reached() == []
    with write():
        actions.take_back(completed_case.id, correction, house.by.caseworker)
    assert len(reached()) == 1
    same = Right(Wrong.OTHER_RESULT, WHY, result=Achievement.ACHIEVED)
    with pytest.raises(Refusal, match="recorded"):
        put_right(completed_case, results[0], house.by.caseworker, same)


def test_until_six_months_after_the_end(house, case):
    done = completed(
        send(house.area_id, house.by.practitioner, finished_answers(crn={"crn": "X765432"})),
        house.by.caseworker,
    )
    [assessment] = records(done, RecordKind.ASSESSMENT)
    long_ago = clock.now() - timedelta(days=190)
    with write():
        of_it = update(Referral).where(Referral.id == done.id)
        db.session.execute(of_it.values(ended_at=long_ago))
    with pytest.raises(Refusal, match="The last day"):
        put_right(done, assessment, house.by.caseworker)
    assert again(done.id).started_at is not None


def test_nothing_is_put_right_once_the_last_claim_of_the_contract_is_made(house, case):
    [assessment] = records(case, RecordKind.ASSESSMENT)
    long_ago = clock.now() - timedelta(days=125)
    with write():
        done = {"state": ReferralState.COMPLETED, "ended_at": long_ago}
        db.session.execute(update(Referral).values(done))
        of_it = update(Contract).where(Contract.id == house.contract.id)
        ended = {"state": ContractState.ENDED, "ended_at": long_ago}
        db.session.execute(of_it.values(ended))
    with pytest.raises(Refusal, match="The last day"):
        put_right(case, assessment, house.by.caseworker)


def test_only_those_who_deliver_put_right_and_only_what_is_of_the_case(house, case):
    other = started(
        send(house.area_id, house.by.practitioner, finished_answers(crn={"crn": "X765432"})),
        house.by.caseworker,
    )
    [assessment] = records(case, RecordKind.ASSESSMENT)
    with pytest.raises(Refused):
        put_right(case, assessment, house.by.practitioner)
    for name in ("rival", "stranger", "team_manager"):
        with pytest.raises(NotYours):
            put_right(case, assessment, getattr(house.by, name))
    with pytest.raises(NotYours):
        put_right(other, assessment, house.by.caseworker)
    correction = put_right(case, assessment, house.by.second_caseworker)
    with pytest.raises(NotYours), write():
        actions.take_back(other.id, correction, house.by.caseworker)
    with pytest.raises(Refused), write():
        actions.take_back(case.id, correction, house.by.practitioner)


def test_the_database_holds_one_correction_of_one_record(house, case):
    [assessment] = records(case, RecordKind.ASSESSMENT)
    put_right(case, assessment, house.by.caseworker)
    of_it = {
        "referral_id": case.id,
        "wrong": Wrong.NOT_HELD,
        "why": WHY,
        "by_id": house.by.caseworker.person_id,
        "at": clock.now(),
    }
    twice = {"assessment_id": assessment.id}
    for facts in (twice, {}, twice | {"wrong": Wrong.OTHER_DAY}):
        with pytest.raises(IntegrityError), write():
            db.session.add(Correction(**(of_it | facts)))


def test_a_closed_claim_stays_and_the_next_one_takes_back_what_was_in_error(house, case):
    month = clock.today().replace(day=1)

    def claimed(month):
        with write():
            claim = computing.compute(house.contract.id, month)
            return [(line.kind, line.month, line.quantity) for line in claim.lines], claim.id

    lines, first = claimed(month)
    assert lines == [(LineKind.START, month, 1)]
    total = db.session.get_one(Claim, first).total_pence
    [assessment] = records(case, RecordKind.ASSESSMENT)
    correction = put_right(case, assessment, house.by.caseworker)
    following = months_later(month, 1)
    lines, second = claimed(following)
    # What cannot be taken off now is left to the next claim.
    assert lines[0] == (LineKind.START, month, -1)
    assert db.session.get_one(Claim, second).lines[0].is_adjustment
    db.session.expire_all()
    assert db.session.get_one(Claim, first).total_pence == total
    with write():
        actions.take_back(case.id, correction, house.by.caseworker)
    lines, _third = claimed(months_later(month, 2))
    assert (LineKind.START, month, 1) in lines


def test_a_case_that_goes_on_within_one_contract_starts_once(house):
    contract = make_live_contract(
        house.charity, buyer=house.region, area_codes=("kent", "sussex"), places=3
    )
    kent, sussex = (each.id for each in contract.areas)
    case = started(send(kent, house.by.practitioner), house.by.caseworker)
    with write():
        [there] = moves.transfer([case.id], sussex, house.by.practitioner, "sussex")
    moved = started(again(there), house.by.caseworker)
    assert moved.started_at is not None
    [start] = delivered(contract)
    assert (start.reference, start.contract_area_id) == (case.reference, kent)
    # Where the first start was in error, the case began where it went on.
    [assessment] = records(case, RecordKind.ASSESSMENT)
    put_right(case, assessment, house.by.caseworker)
    [start] = delivered(contract)
    assert (start.reference, start.contract_area_id) == (moved.reference, sussex)


def test_on_screen_a_caseworker_puts_right_and_the_practitioner_reads_it(house, case, client):
    sign_in(client, house.people["caseworker"])
    assert "Put a record right" in client.show(f"/cases/{case.id}").text
    url = f"/cases/{case.id}/corrections"
    assert "Recorded in error?" in client.show(url).text
    [assessment] = records(case, RecordKind.ASSESSMENT)
    form = f"{url}/assessment/{assessment.id}"
    look = client.submit(form, fields={"wrong": "other_day", "why": WHY}).page
    assert "Enter the day on which it took place" in look.text
    tomorrow = clock.today() + timedelta(days=1)
    day = {f"on-{part}": str(getattr(tomorrow, part)) for part in ("day", "month", "year")}
    look = client.submit(form, fields={"wrong": "other_day", "why": WHY, **day}).page
    assert "must be today or in the past" in look.text and WHY in look.text
    page = client.submit(form, fields={"wrong": "not_held", "why": WHY}).page
    assert "It is put right" in page.text
    assert client.get(form).status_code == 409
    sign_in(client, house.people["practitioner"])
    page = client.show(f"/cases/{case.id}")
    assert "made in error" in page.text and WHY in page.text
    page = client.show(url)
    assert WHY in page.text and "Let it count again" not in page.text
    sign_in(client, house.people["manager"])
    page = client.submit(client.show(url)).page
    assert "It counts again as it was recorded" in page.text
    assert again(case.id).started_at is not None
