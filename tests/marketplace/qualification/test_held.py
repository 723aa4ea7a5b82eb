"""A qualification lives on: reconfirmed, suspended and back, removed only after being heard."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock
from marketplace.calendar import start_of
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.actions import compose
from marketplace.outbox.models import OutboxMessage
from marketplace.permissions import NotYours, Refused
from marketplace.qualification import assessing, jobs
from marketplace.qualification.actions import begin_applications, submit_application
from marketplace.qualification.held import actions as held
from marketplace.qualification.held.models import NoticeState, RemovalNotice
from marketplace.qualification.models import ApplicationState, Ground, QualificationState
from marketplace.qualification.queries import (
    Standing,
    application_for,
    qualified_for,
    standing,
)
from marketplace.questions.passing import outcome
from tests.marketplace.qualification.test_applying import mails
from tests.marketplace.qualification.test_assessing import pass_days, pass_to
from tests.support.people import acting_as, make_person, sign_in
from tests.support.qualification import qualification_of, ready, submitted
from tests.support.questions import passing_answers

REASON = "The accounts say so."


@pytest.fixture
def qualification_id(by):
    submitted(by, "women", judged=False)
    return qualification_of(by.organisation_id, "women").id


def stored(by):
    return qualification_of(by.organisation_id, "women")


def confirmations():
    return passing_answers(held.legal_questions())


def test_a_year_later_it_is_reconfirmed_with_one_page(client, charity, by, qualification_id):
    pass_to(stored(by).reconfirm_by - timedelta(days=20))
    sign_in(client, charity)
    page = client.show("/qualification")
    page = client.show(page.links()["Confirm that nothing has changed"])
    again = client.submit(page, "Nothing has changed").page
    assert "never filled in for you" in again.text
    client.submit(again, "Nothing has changed", answer_exclusion="none")
    assert stored(by).reconfirm_by > clock.today() + timedelta(days=360)


def test_whoever_has_something_to_tell_does_not_reconfirm(client, charity, by, qualification_id):
    pass_to(stored(by).reconfirm_by)
    before = stored(by).reconfirm_by
    sign_in(client, charity)
    page = client.submit(
        "/qualification/held/reconfirm", "Nothing has changed", answer_exclusion="applies"
    ).page
    assert "Something has changed" in page.text
    assert stored(by).reconfirm_by == before


def test_reminders_go_out_30_and_7_days_before_once_each(app, by, charity, qualification_id):
    submitted(by, "accommodation", judged=False)
    due = stored(by).reconfirm_by
    for days, sent in ((31, 0), (30, 1), (29, 0), (7, 1), (6, 0)):
        pass_to(due - timedelta(days=days))
        assert jobs.remind(clock.now()) == sent, days
        assert jobs.remind(clock.now()) == 0
    told = [each for each in mails("reminder") if each.recipient == charity.email]
    assert len(told) == 2
    assert "/qualification/held/reconfirm" in compose(told[0]).get_content()


def test_reminders_after_an_absent_job_are_one(app, by, charity, qualification_id):
    pass_to(stored(by).reconfirm_by - timedelta(days=3))
    assert jobs.remind(clock.now()) == 1
    assert jobs.remind(clock.now()) == 0


def test_it_lapses_after_the_grace_and_reconfirming_restores_it(app, by, qualification_id):
    last_day = stored(by).lapses_on
    assert last_day == stored(by).reconfirm_by + timedelta(days=30)
    pass_to(last_day)
    assert jobs.lapse(clock.now()) == 0
    assert "women" in qualified_for(by.organisation_id)
    pass_days(1)
    # Judged by date: it no longer counts, although no job ran.
    assert qualified_for(by.organisation_id) == set()
    assert [jobs.lapse(clock.now()) for _twice in range(2)] == [1, 0]
    assert stored(by).state is QualificationState.LAPSED
    with write():
        assert held.reconfirm([qualification_id], confirmations(), by) == 1
    assert standing(by.organisation_id, "womens-services") is Standing.QUALIFIED


def test_a_suspended_one_does_not_count_and_returns_by_itself(
    client, by, framework, qualification_id
):
    sign_in(client, framework)
    until = clock.today() + timedelta(days=10)
    page = client.show("/qualification/held")
    page = client.show(page.links()[f"Women ({by.organisation_name})"])
    page = client.show(page.links()["Suspend"])
    day = {"until-day": until.day, "until-month": until.month, "until-year": until.year}
    client.submit(page, "Suspend", day, ground="safeguarding", text="No lead is named.")
    assert standing(by.organisation_id, "womens-services") is Standing.NONE
    assert client.get("/qualified").get_data(as_text=True).count(by.organisation_name) == 0
    pass_to(until)
    # The day has come: it counts, although no job ran.
    assert standing(by.organisation_id, "womens-services") is Standing.QUALIFIED
    assert [jobs.end_suspensions(clock.now()) for _twice in range(2)] == [1, 0]
    assert stored(by).state is QualificationState.QUALIFIED
    assert stored(by).suspension_text is None
    assert len({each.recipient for each in mails("suspension_ended")}) == len(
        mails("suspension_ended")
    )


def test_nobody_is_rid_of_a_suspension_by_letting_it_lapse(app, by, assessor, qualification_id):
    last_day = stored(by).lapses_on
    until = last_day + timedelta(days=90)
    with write():
        held.suspend(qualification_id, Ground.SAFEGUARDING, "No lead.", until, assessor)
    pass_to(last_day + timedelta(days=1))
    assert jobs.lapse(clock.now()) == 0
    assert stored(by).state is QualificationState.SUSPENDED
    with pytest.raises(Refusal, match="suspended"), write():
        begin_applications(["women"], by)
    with write():
        held.reconfirm([qualification_id], confirmations(), by)
    assert (stored(by).state, stored(by).suspended_until) == (QualificationState.SUSPENDED, until)
    assert standing(by.organisation_id, "womens-services") is Standing.NONE
    pass_to(until)
    assert standing(by.organisation_id, "womens-services") is Standing.QUALIFIED


def test_one_never_confirmed_lapses_once_its_suspension_ends(app, by, assessor, qualification_id):
    until = stored(by).lapses_on + timedelta(days=90)
    with write():
        held.suspend(qualification_id, Ground.OTHER, "Why.", until, assessor)
    pass_to(until)
    assert (jobs.end_suspensions(clock.now()), jobs.lapse(clock.now())) == (1, 1)
    assert stored(by).state is QualificationState.LAPSED


def test_nobody_applies_past_a_notice_nor_is_qualified_by_checks(app, by, assessor):
    submitted(by, "women", judged=False)
    pass_to(stored(by).lapses_on + timedelta(days=1))
    jobs.lapse(clock.now())
    application_id = ready(by, "women")
    with write():
        held.serve_notice(stored(by).id, Ground.INSOLVENCY, REASON, assessor)
    with pytest.raises(Refusal, match="may remove"), write():
        begin_applications(["women"], by)
    with write():
        submit_application(application_id, by)
    assert application_for(application_id, by).state is ApplicationState.SUBMITTED
    assert stored(by).state is QualificationState.LAPSED


def test_a_suspension_ends_in_the_future(app, by, assessor, qualification_id):
    with pytest.raises(Refusal, match="in the future"), write():
        held.suspend(qualification_id, Ground.OTHER, "Why.", clock.today(), assessor)


def test_the_framework_team_can_end_a_suspension_early(app, by, assessor, qualification_id):
    until = clock.today() + timedelta(days=90)
    with write():
        held.suspend(qualification_id, Ground.OTHER, "Why.", until, assessor)
    with pytest.raises(Refusal, match="not ended yet"), write():
        held.end_suspension(qualification_id, None)
    with write():
        held.end_suspension(qualification_id, assessor)
    assert "women" in qualified_for(by.organisation_id)


def test_nothing_is_removed_before_the_organisation_is_heard(
    client, charity, by, assessor, qualification_id
):
    with write():
        notice = held.serve_notice(qualification_id, Ground.INSOLVENCY, REASON, assessor)
    with pytest.raises(Refusal, match="can still answer"), write():
        held.decide_removal(notice.id, True, "No.", assessor)
    assert "women" in qualified_for(by.organisation_id)
    sign_in(client, charity)
    page = client.show("/qualification")
    page = client.show(page.links()["Read it and answer"])
    assert REASON in page.text
    page = client.show(page.links()["Answer this notice"])
    client.submit(page, "Send your answer", text="They are last year’s accounts.")
    with write():
        held.decide_removal(notice.id, True, "They are this year’s.", assessor)
    assert stored(by).state is QualificationState.REMOVED
    assert standing(by.organisation_id, "womens-services") is Standing.NONE
    with pytest.raises(AlreadyChanged), write():
        held.decide_removal(notice.id, True, "Again.", assessor)


def test_an_unanswered_notice_is_decided_once_its_time_has_ended(
    app, by, assessor, qualification_id
):
    with write():
        notice = held.serve_notice(qualification_id, Ground.INSOLVENCY, REASON, assessor)
    pass_to(notice.answer_by)
    with pytest.raises(Refusal, match="can still answer"), write():
        held.decide_removal(notice.id, True, "No.", assessor)
    pass_days(1)
    with pytest.raises(Refusal, match="time to answer has ended"), write():
        held.answer_notice(notice.id, "Late.", by)
    with write():
        held.decide_removal(notice.id, False, "We found the accounts.", assessor)
    assert db.session.get(RemovalNotice, notice.id).state is NoticeState.DROPPED
    assert "women" in qualified_for(by.organisation_id)


def test_one_notice_at_a_time(app, by, assessor, qualification_id):
    with write():
        held.serve_notice(qualification_id, Ground.OTHER, REASON, assessor)
    with pytest.raises(Refusal, match="served already"), write():
        held.serve_notice(qualification_id, Ground.OTHER, REASON, assessor)


def test_whoever_was_removed_applies_again_and_a_person_decides(
    app, by, assessor, qualification_id
):
    with write():
        notice = held.serve_notice(qualification_id, Ground.OTHER, REASON, assessor)
    with write():
        held.answer_notice(notice.id, "Yes.", by)
    with write():
        held.decide_removal(notice.id, True, "So be it.", assessor)
    with write():
        assert held.reconfirm([qualification_id], confirmations(), by) == 0
    application_id = submitted(by, "women", judged=False)
    assert stored(by).state is QualificationState.REMOVED
    with write():
        assessing.claim(application_id, assessor)
    with write():
        assessing.decide_application(application_id, None, assessor)
    assert stored(by).id == qualification_id
    assert standing(by.organisation_id, "womens-services") is Standing.QUALIFIED


def test_another_organisation_answers_and_reconfirms_nothing(app, by, assessor, qualification_id):
    stranger = acting_as(make_person(next(iter(by.roles))))
    with write():
        notice = held.serve_notice(qualification_id, Ground.OTHER, REASON, assessor)
    with pytest.raises(NotYours), write():
        held.answer_notice(notice.id, "Mine.", stranger)
    with write():
        assert held.reconfirm([qualification_id], confirmations(), stranger) == 0
    with pytest.raises(Refused), write():
        held.suspend(qualification_id, Ground.OTHER, "Why.", clock.today() + timedelta(9), by)


def test_no_reason_of_a_suspension_or_removal_stands_in_a_mail(app, by, assessor, qualification_id):
    with write():
        held.suspend(
            qualification_id, Ground.OTHER, "A secret.", clock.today() + timedelta(days=5), assessor
        )
    with write():
        held.serve_notice(qualification_id, Ground.OTHER, "A secret.", assessor)
    about = select(OutboxMessage).where(OutboxMessage.subject_id == qualification_id)
    posted = db.session.scalars(about).all()
    assert len(posted) == 2
    for each in posted:
        text = compose(each).as_string()
        assert "secret" not in text
        assert by.organisation_name not in text


def test_jobs_name_the_moments_to_come(app, by, assessor, qualification_id):
    own = stored(by)
    assert jobs.next_reminder(clock.now()) == start_of(own.reconfirm_by - timedelta(days=30))
    assert jobs.next_lapse(clock.now()) == start_of(own.lapses_on + timedelta(days=1))
    until = clock.today() + timedelta(days=5)
    with write():
        held.suspend(qualification_id, Ground.OTHER, "Why.", until, assessor)
    assert jobs.next_return(clock.now()) == start_of(until)


def test_every_legal_confirmation_is_asked_at_reconfirming(app):
    legal = held.legal_questions()
    assert legal
    assert not outcome(legal, {}).complete
