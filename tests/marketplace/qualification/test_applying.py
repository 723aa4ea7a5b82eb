"""An organisation gets in: what is asked once is typed once, what needs nobody waits for nobody."""

import pytest
from sqlalchemy import func, select

from marketplace.acting import Role
from marketplace.audit import AuditEvent
from marketplace.database import db, write
from marketplace.lifecycle import AlreadyChanged, Refusal
from marketplace.outbox.models import OutboxMessage
from marketplace.overtaken import Overtaken
from marketplace.qualification import actions, assessing
from marketplace.qualification.models import Application, ApplicationState
from marketplace.qualification.outcomes import Part, questions_for, result_of
from marketplace.qualification.queries import Standing, application_for, standing
from tests.support.people import acting_as, make_person, sign_in
from tests.support.qualification import (
    begun,
    complete_profile,
    fill_in,
    good_answers,
    in_assessment,
    qualification_of,
    question_of,
    ready,
    seen,
    submitted,
)

FOLDER = "marketplace/qualification/mail"


def mails(template):
    return db.session.scalars(
        select(OutboxMessage).where(OutboxMessage.template == f"{FOLDER}/{template}.txt")
    ).all()


def concepts(application):
    both = questions_for(application)
    asked = {each.id: each for part in Part for each in both[part]}
    return {asked[each.question_id].concept for each in application.answers}


def test_a_charity_goes_from_the_page_to_qualified_without_anybody_deciding(client, charity, by):
    complete_profile(by)
    sign_in(client, charity)
    page = client.submit("/qualification/apply", "Continue", categories=["women"]).page
    page = client.show(page.links()["About your organisation"])
    page = client.submit(
        page,
        "Save and continue",
        answer_safeguarding=["policy", "lead", "training"],
        answer_vetting="plan",
        answer_data_protection="registered",
        answer_exclusion="none",
    ).page
    page = client.submit(
        page,
        "Save and continue",
        answer_what_you_do="A women’s centre in Caernarfon.",
        answer_field_practice="now",
    ).page
    assert "Every check passes" in page.text
    page = client.submit(page, "Submit application").page
    assert "You are qualified" in page.text
    assert standing(by.organisation_id, "womens-services") is Standing.QUALIFIED
    application = db.session.scalars(select(Application)).one()
    assert (application.state, application.decided_by_id) == (ApplicationState.QUALIFIED, None)
    record = select(AuditEvent).where(AuditEvent.action == "application:qualify_by_checks")
    assert db.session.scalars(record).one().person_id is None
    assert len(mails("decided")) == 1
    assert not mails("submitted")


def test_what_needs_judgement_waits_for_a_person(app, by, framework):
    application = db.session.get(Application, submitted(by, judged=True))
    assert application.state is ApplicationState.SUBMITTED
    assert standing(by.organisation_id, "accommodation") is Standing.PENDING
    assert framework.email in {each.recipient for each in mails("submitted")}


def test_several_categories_are_begun_at_once_and_the_common_answers_typed_once(app, by):
    with write():
        first, second = (
            each.id for each in actions.begin_applications(["accommodation", "women"], by)
        )
    fill_in(first, by)
    other = application_for(second, by)
    asked = questions_for(other)
    assert {each.id for each in asked[Part.COMMON] if not each.only_if_concept} <= set(other.given)
    assert not set(other.given) & {each.id for each in asked[Part.CATEGORY]}
    left = [each for each in result_of(other).missing]
    assert len(left) <= 3
    assert {each.part for each in left} == {Part.CATEGORY}


def test_a_further_category_asks_at_most_three_things_more_and_no_legal_one_is_filled_in(app, by):
    submitted(by, judged=False)
    again = application_for(begun(by, "women"), by)
    both = questions_for(again)
    legal = {each.concept for part in Part for each in both[part] if each.legal}
    assert legal
    assert not concepts(again) & legal
    assert len(result_of(again).missing) <= 3


def test_a_prefilled_answer_says_where_it_comes_from(client, charity, by):
    submitted(by, judged=False)
    second = begun(by, "women")
    sign_in(client, charity)
    page = client.show(f"/qualification/applications/{second}/common")
    assert "From the application for Accommodation of" in page.text


def test_pressing_twice_begins_one(app, by):
    first, again = begun(by), begun(by)
    assert first == again
    assert db.session.scalar(select(func.count()).select_from(Application)) == 1


def test_what_is_held_is_not_applied_for_again(app, by):
    submitted(by, judged=False)
    with pytest.raises(Refusal, match="already qualified"):
        begun(by)


def test_what_is_missing_is_said_with_the_way_to_it_and_nothing_is_submitted(client, charity, by):
    application_id = begun(by)
    sign_in(client, charity)
    page = client.show(f"/qualification/applications/{application_id}/check")
    assert "You meet 0 of 7." in page.text
    assert "#answer_what_you_do" in page.links()["What do you do in this field, and for whom?"]
    assert "Your profile" in page.links()
    with pytest.raises(Refusal, match="What do you do"), write():
        actions.submit_application(application_id, by)
    assert db.session.get(Application, application_id).state is ApplicationState.DRAFT


def test_an_answer_that_does_not_pass_goes_to_a_person_instead_of_stopping(app, by):
    application_id = ready(by)
    vetting = question_of(application_id, by, "vetting")
    with write():
        actions.save_answers(
            application_id,
            Part.COMMON,
            {vetting.id: "no"},
            seen(application_id, by, Part.COMMON),
            by,
        )
    result = result_of(application_for(application_id, by))
    assert (len(result.lacks), result.missing, result.automatic) == (1, (), False)
    with write():
        actions.submit_application(application_id, by)
    assert db.session.get(Application, application_id).state is ApplicationState.SUBMITTED


def test_two_people_on_one_page_lose_nothing(client, charity, by):
    application_id = begun(by)
    other = acting_as(
        make_person(Role.BID_MANAGER, db.session.get(Application, application_id).organisation)
    )
    sign_in(client, charity)
    page = client.show(f"/qualification/applications/{application_id}/category")
    what = question_of(application_id, by, "what-you-do")
    with write():
        actions.save_answers(
            application_id,
            Part.CATEGORY,
            {what.id: "Theirs: tea."},
            seen(application_id, by, Part.CATEGORY),
            other,
        )
    answer = client.submit(
        page, "Save and continue", answer_what_you_do="Mine: soup & <b>bread</b>."
    )
    assert "What the other person saved" in answer.page.text
    assert "Theirs: tea." in answer.page.text
    assert "Mine: soup & <b>bread</b>." in answer.page.text
    assert application_for(application_id, by).given[what.id] == "Theirs: tea."
    client.submit(answer.page, "Save and continue")
    assert application_for(application_id, by).given[what.id] == "Mine: soup & <b>bread</b>."


def test_a_common_answer_changed_in_another_draft_is_noticed(app, by):
    with write():
        first, second = (
            each.id for each in actions.begin_applications(["accommodation", "women"], by)
        )
    stale = seen(second, by, Part.COMMON)
    fill_in(first, by)
    questions = questions_for(application_for(second, by))[Part.COMMON]
    with pytest.raises(Overtaken), write():
        actions.save_answers(second, Part.COMMON, good_answers(questions, False), stale, by)


def test_too_many_words_are_kept_on_the_page_with_what_to_do(client, charity, by):
    application_id = begun(by)
    sign_in(client, charity)
    long = "gair " * 81
    answer = client.submit(
        f"/qualification/applications/{application_id}/category",
        "Save and continue",
        answer_what_you_do=long,
    )
    text = answer.get_data(as_text=True)
    assert "Take out 1 word" in text
    assert long.strip() in text


def test_the_page_says_who_changed_it_last(client, charity, by):
    application_id = ready(by)
    sign_in(client, charity)
    assert (
        f"Last changed by {charity.name}"
        in client.show(f"/qualification/applications/{application_id}").text
    )


def test_a_draft_is_removed_with_its_answers_and_what_was_copied_from_it_stays(app, by):
    first = ready(by)
    second = begun(by, "women")
    assert any(each.source_id == first for each in application_for(second, by).answers)
    with write():
        actions.discard(first, by)
    assert db.session.get(Application, first) is None
    assert application_for(second, by).answers


def test_another_organisation_sees_and_changes_nothing(client, by):
    application_id = ready(by)
    sign_in(client, make_person(Role.BID_MANAGER))
    address = f"/qualification/applications/{application_id}"
    for page in ("", "/common", "/category", "/check", "/correct"):
        assert client.get(address + page).status_code == 404, page
    for page in ("/submit", "/discard", "/ask-sign-off", "/resubmit"):
        assert client.post(address + page).status_code in (302, 400, 404), page
    assert db.session.get(Application, application_id).state is ApplicationState.DRAFT


def test_a_not_yet_always_has_reasons_and_is_copied_forward_without_legal_confirmations(
    app, by, assessor
):
    application_id = in_assessment(by, assessor)
    with pytest.raises(Refusal, match="reasons"), write():
        assessing.decide_application(application_id, "", assessor)
    with write():
        assessing.decide_application(application_id, "Name who is responsible.", assessor)
    again = application_for(begun(by), by)
    both = questions_for(again)
    legal = {each.id for part in Part for each in both[part] if each.legal}
    before = application_for(application_id, by)
    assert set(again.given) == set(before.given) - legal
    assert {each.source_id for each in again.answers} == {application_id}


def test_the_applicant_is_told_once_however_often_the_decision_is_pressed(app, by, assessor):
    application_id = in_assessment(by, assessor)
    with write():
        assessing.decide_application(application_id, None, assessor)
    with pytest.raises(AlreadyChanged), write():
        assessing.decide_application(application_id, None, assessor)
    assert len(mails("decided")) == 1
    assert qualification_of(by.organisation_id, "accommodation").application_id == application_id
