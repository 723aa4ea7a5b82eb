"""The queue, its clock, corrections within a window, and nobody deciding past anybody."""

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.acting import Role
from marketplace.calendar import ENGLAND_AND_WALES, add_working_days, start_of
from marketplace.database import db, write
from marketplace.lifecycle import Refusal
from marketplace.outbox.actions import compose
from marketplace.permissions import Refused
from marketplace.qualification import actions, assessing, jobs
from marketplace.qualification.clocks import working_days_left
from marketplace.qualification.models import Application, ApplicationState
from marketplace.qualification.outcomes import Part
from marketplace.qualification.queries import application_for, queue
from marketplace.questions.models import Question
from marketplace.web.filters import shown_date
from tests.marketplace.qualification.test_applying import mails
from tests.support.people import acting_as, make_person, sign_in
from tests.support.qualification import (
    in_assessment,
    qualification_of,
    question_of,
    seen,
    submitted,
    to_correct,
)


def stored(application_id):
    return db.session.get(Application, application_id, populate_existing=True)


def pass_days(days):
    """Let this many days go by."""
    with write():
        clock.set_offset(clock.offset_seconds() + days * 86_400)


def pass_working_days(number):
    """Let working days go by, to the beginning of the last of them."""
    until = add_working_days(clock.today(), number, ENGLAND_AND_WALES)
    pass_to(until)


def pass_to(day):
    """Let time go by to the first moment of a day."""
    ahead = start_of(day) - clock.judged_now()
    with write():
        clock.set_offset(clock.offset_seconds() + int(ahead.total_seconds()) + 60)


def test_an_assessor_reads_claims_and_decides_on_screen(client, by, framework):
    application_id = submitted(by)
    sign_in(client, framework)
    page = client.show("/qualification/queue")
    page = client.show(page.links()[by.organisation_name])
    assert "10 working days are left" in page.text
    assert "Two of us begin with a group" in page.text
    page = client.submit(page, "Assess this application").page
    page = client.submit(page, "Record the decision", decision="not_yet").page
    assert "Give the reasons" in page.text
    client.submit(page, "Record the decision", decision="not_yet", reasons="Say <i>who</i> leads.")
    assert stored(application_id).state is ApplicationState.NOT_YET


def test_the_auditor_reads_the_queue_and_a_decision_and_is_offered_nothing(client, by, assessor):
    application_id = in_assessment(by, assessor)
    sign_in(client, make_person(Role.AUDITOR))
    page = client.show("/qualification/queue")
    assert "Show those I assess" not in page.text
    page = client.show(page.links()[by.organisation_name])
    assert "Assessed by" in page.text
    for offer in ("Take over", "Record the decision", "Ask for a correction"):
        assert offer not in page.text
    address = f"/qualification/applications/{application_id}/decide"
    assert client.post(address, data={"decision": "qualified"}).status_code in (400, 403)
    assert stored(application_id).state is ApplicationState.IN_ASSESSMENT


def test_nobody_decides_what_a_colleague_assesses_without_taking_it_over(app, by, assessor):
    application_id = in_assessment(by, assessor)
    other = acting_as(make_person(Role.FRAMEWORK_MANAGER))
    with pytest.raises(Refusal, match="Take it over"), write():
        assessing.decide_application(application_id, None, other)
    with write():
        assessing.claim(application_id, other)
    with pytest.raises(Refusal, match="Take it over"), write():
        assessing.decide_application(application_id, None, assessor)
    with write():
        assessing.decide_application(application_id, None, other)
    assert qualification_of(by.organisation_id, "accommodation").application_id == application_id


def test_a_provider_assesses_nothing(app, by):
    application_id = submitted(by)
    with pytest.raises(Refused), write():
        assessing.claim(application_id, by)


def test_a_correction_opens_the_named_questions_only(client, charity, by, assessor):
    application_id = to_correct(by, assessor)
    sign_in(client, charity)
    page = client.show(f"/qualification/applications/{application_id}")
    assert "Say who leads." in page.text
    assert "clock is paused" in page.text
    page = client.show(page.links()["Correct your answers"])
    assert set(page.form("Save and continue").names()) == {
        "csrf_token",
        "seen",
        "answer_field_plan",
    }
    client.submit(page, "Save and continue", answer_field_plan="Mair leads in Bangor.")
    vetting = question_of(application_id, by, "vetting")
    plan = question_of(application_id, by, "field-plan")
    with write():
        application = application_for(application_id, by)
        state = actions.fingerprint(actions.answering.on_page(application, [plan]))
        actions.save_correction(application_id, {vetting.id: "no"}, state, by)
    given = application_for(application_id, by).given
    assert (given[plan.id], given[vetting.id]) == ("Mair leads in Bangor.", "done")
    client.submit(f"/qualification/applications/{application_id}", "Submit the correction")
    assert stored(application_id).state is ApplicationState.RESUBMITTED
    assert {each.recipient for each in mails("resubmitted")}


def test_the_clock_stands_still_while_a_correction_is_open(app, by, assessor):
    application_id = in_assessment(by, assessor)
    pass_working_days(4)
    left = working_days_left(clock.today(), stored(application_id).due_on)
    with write():
        assessing.request_correction(
            application_id,
            [question_of(application_id, assessor, "field-plan").id],
            "Who?",
            assessor,
        )
    pass_working_days(6)
    with write():
        actions.resubmit(application_id, by)
    assert working_days_left(clock.today(), stored(application_id).due_on) == left == 6


def test_a_window_that_ends_returns_it_as_it_stands_however_often_the_job_runs(app, by, assessor):
    application_id = to_correct(by, assessor)
    correction = application_for(application_id, by).open_correction
    assert jobs.end_corrections(clock.now()) == 0
    pass_to(correction.until)
    assert jobs.end_corrections(clock.now()) == 0
    pass_days(1)
    plan = question_of(application_id, by, "field-plan")
    with pytest.raises(Refusal, match="time to correct has ended"), write():
        actions.save_correction(application_id, {plan.id: "Late."}, "", by)
    with pytest.raises(Refusal, match="time to correct has ended"), write():
        actions.resubmit(application_id, by)
    assert [jobs.end_corrections(clock.now()) for _twice in range(2)] == [1, 0]
    assert stored(application_id).state is ApplicationState.IN_ASSESSMENT
    assert len(mails("correction_ended")) == 1


def test_a_late_application_is_marked_and_every_framework_manager_told_once(client, by, framework):
    application_id = submitted(by)
    other = make_person(Role.FRAMEWORK_MANAGER)
    pass_working_days(11)
    sign_in(client, framework)
    assert "Overdue" in client.show("/qualification/queue").text
    assert jobs.escalate(clock.now()) == 0
    pass_to(stored(application_id).escalate_on)
    assert [jobs.escalate(clock.now()) for _twice in range(2)] == [1, 0]
    told = [each.recipient for each in mails("escalated")]
    assert {framework.email, other.email} <= set(told)
    assert len(told) == len(set(told))
    text = compose(mails("escalated")[0]).get_content()
    assert f"/qualification/applications/{application_id}/decide" in text


def test_a_late_decision_is_said_to_be_late_to_both_sides_with_what_happens_next(
    client, charity, by, framework
):
    application_id = submitted(by)
    due_on = stored(application_id).due_on
    pages = (
        (charity, f"/qualification/applications/{application_id}"),
        (framework, f"/qualification/applications/{application_id}/decide"),
    )

    def said(sentence):
        for person, page in pages:
            sign_in(client, person)
            text = client.show(page).text
            assert sentence in text and "working days are left" not in text

    late = f"The decision was due on {shown_date(due_on)}; it is late."
    # Be it a Saturday: no working day has passed, and the day has.
    pass_to(due_on + timedelta(days=1))
    escalate_on = shown_date(stored(application_id).escalate_on)
    said(f"{late} If there is still none, it is escalated to the framework team’s managers on ")
    said(escalate_on)
    sign_in(client, charity)
    assert f"was due on {shown_date(due_on)}; it is late" in client.show("/qualification").text
    pass_to(stored(application_id).escalate_on)
    assert jobs.escalate(clock.now()) == 1
    said(f"{late} It was escalated to the framework team’s managers on {escalate_on}.")


def test_the_longest_waiting_comes_first(app, by):
    first = submitted(by, "accommodation")
    pass_days(3)
    second = submitted(by, "women")
    assert [each.id for each in queue().items] == [first, second]


def test_jobs_name_the_moment_they_have_something_to_do(app, by, assessor):
    application_id = to_correct(by, assessor)
    until = application_for(application_id, by).open_correction.until
    assert jobs.next_correction_end(clock.now()) == start_of(until + timedelta(days=1))
    waiting = submitted(by, "women")
    assert jobs.next_escalation(clock.now()) == start_of(stored(waiting).escalate_on)


def test_only_questions_of_the_application_are_asked_again(app, by, assessor):
    application_id = in_assessment(by, assessor)
    stranger = db.session.query(Question).filter_by(concept="delivery-model").one()
    with pytest.raises(Refusal, match="Select at least one question"), write():
        assessing.request_correction(application_id, [stranger.id], "Why?", assessor)


def test_a_submitted_application_is_no_longer_changed(app, by):
    application_id = submitted(by)
    with pytest.raises(Refusal, match="no longer be changed"), write():
        actions.save_answers(
            application_id, Part.COMMON, {}, seen(application_id, by, Part.COMMON), by
        )
